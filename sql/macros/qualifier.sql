-- macro qualifier(name)
-- One text: what stands in the bracket, empty without one. Why: it tells two people of one name apart.
trim(regexp_extract(name, '[(（\[【]([^)）\]】]*)', 1))
