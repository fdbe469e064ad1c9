-- One text: the name before its bracket. Why: 张三(华东) and 张三（华东） are 张三 with a note who is meant.
create macro unqualified(name) as
trim(regexp_replace(name, '[(（\[【].*$', ''))
