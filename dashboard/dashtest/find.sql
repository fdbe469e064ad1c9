-- What a calculation spells in Go (analytics/search_key.go), for the characters of the fixture's names.
create table core.search_key as
with letters as (
    select map {
        '王': 'wang', '李': 'li', '张': 'zhang', '刘': 'liu', '陈': 'chen', '杨': 'yang', '赵': 'zhao', '黄': 'huang',
        '敏': 'min', '强': 'qiang', '洋': 'yang', '静': 'jing', '磊': 'lei', '娜': 'na', '军': 'jun', '艳': 'yan',
        '华': 'hua', '西': 'xi', '东': 'dong', '南': 'nan', '北': 'bei', '中': 'zhong', '港': 'gang', '澳': 'ao', '一': 'yi', '二': 'er', '队': 'dui', '客': 'ke', '户': 'hu'
    } as spelt
),
named as (
    select unit_kind as kind, unit_id as id, unit_name as name from core.unit where unit_kind <> 'company'
    union all
    select 'customer', customer_id, customer_name from core.customer
),
parts as (
    select kind, id, replace(lower(name), ' ', '') as name, list_transform(string_split(lower(name), ''), lambda c: coalesce(map_extract_value(spelt, c), c)) as part
    from named, letters
)
select kind, id, name, array_to_string(part, '') as spelling, array_to_string(list_transform(part, lambda p: left(p, 1)), '') as initials
from parts
order by kind, id;
