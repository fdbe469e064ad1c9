-- macro unqualified(name)
-- One text: the name before its bracket. Why: 张三(华东) and 张三（华东） are 张三 with a note who is meant.
trim(regexp_replace(name, '[(（\[【].*$', ''))
