-- One text: the name in lower case, half width, letters and digits only.
-- Why: `GTXPro` and `GTX Pro` are one product; case, width, spaces and punctuation never tell two names apart.
create macro spelling(name) as
regexp_replace(
    translate(
        lower(name),
        '０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
        '0123456789abcdefghijklmnopqrstuvwxyz'
    ),
    '[^\p{L}\p{N}]', '', 'g'
)
