-- One text: what stands in the bracket, empty without one. Why: it tells two people of one name apart.
create macro qualifier(name) as
trim(regexp_extract(name, '[(（\[【]([^)）\]】]*)', 1))
