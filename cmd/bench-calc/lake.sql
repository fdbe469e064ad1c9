-- What the benchmark's lake holds, an entity each. Variables: month (first
-- day), first (first day of the first month), n_lines, n_visits (a month),
-- n_reps, n_months (so far). Values come from hashes, so that two lakes of one
-- size are equal. Customers grow by one in a hundred a month.

-- entity: region
select 'G' || lpad(i::varchar, 2, '0') as region_id, 'Region ' || i as name, null::varchar as parent_id, null::varchar as manager_id from range(20) as t(i)

-- entity: team
select 'T' || lpad(i::varchar, 3, '0') as team_id, 'Team ' || i as name, 'G' || lpad((i % 20)::varchar, 2, '0') as region_id, null::varchar as manager_id from range(getvariable('n_reps') // 10) as t(i)

-- entity: rep
select 'R' || lpad(i::varchar, 5, '0') as rep_id, 'Rep ' || i as name, 'T' || lpad((i // 10)::varchar, 3, '0') as team_id,
    'G' || lpad(((i // 10) % 20)::varchar, 2, '0') as region_id, null::varchar as manager_id, null::varchar as channel, null::varchar as role,
    getvariable('first') - interval 1 year as hired_on, null::date as left_on, null::varchar as group_gender, null::varchar as group_age
from range(getvariable('n_reps')) as t(i)

-- entity: assignment
select 'R' || lpad(i::varchar, 5, '0') as rep_id, (getvariable('first') + interval 200 day)::date as from_on, null::date as to_on,
    'G' || lpad(((i // 10 + 1) % 20)::varchar, 2, '0') as region_id, 'T' || lpad(((i // 10 + 1) % (getvariable('n_reps') // 10))::varchar, 3, '0') as team_id
from range(0, getvariable('n_reps'), 20) as t(i)

-- entity: customer
select 'C' || lpad(i::varchar, 6, '0') as customer_id, 'Customer ' || i as name, 'G' || lpad((((i % getvariable('n_reps')) // 10) % 20)::varchar, 2, '0') as region_id,
    'R' || lpad((i % getvariable('n_reps'))::varchar, 5, '0') as rep_id, 'segment ' || i % 5 as segment, null::varchar as channel, i % 2 = 0 as is_outlet,
    case when i < getvariable('n_reps') * 20 then getvariable('first') - interval 1 year
    else getvariable('first') + to_months((((i - getvariable('n_reps') * 20) * 100) // (getvariable('n_reps') * 20))::integer) end as opened_on, null::date as closed_on, null::decimal(18, 6) as latitude, null::decimal(18, 6) as longitude
from range(getvariable('n_reps') * 20 + getvariable('n_reps') * 20 * getvariable('n_months') // 100) as t(i)

-- entity: product
select 'P' || lpad(i::varchar, 3, '0') as product_id, 'Product ' || i as name, 'line ' || i % 8 as line, 100 + i as list_price, 60 + i as standard_cost from range(200) as t(i)

-- entity: price_list
select 'P' || lpad(i::varchar, 3, '0') as product_id, null::varchar as region_id, getvariable('first') - interval 1 year as from_on, null::date as to_on, 80 + i as price_low, 120 + i as price_high from range(200) as t(i)

-- entity: order_line monthly
with line as (
    select i, hash(i // 3, getvariable('month')) as h, hash(i, getvariable('month'), 7) as k from range(getvariable('n_lines')) as t(i)
),
placed as (
    select i, h, k, (h % getvariable('n_reps'))::bigint as rep, ((h >> 20) % 20)::bigint as nth, (k % 200)::bigint as product, (1 + (k >> 12) % 9)::bigint as pieces, (getvariable('month') + ((h >> 40) % 28)::int)::date as day from line
)
select strftime(getvariable('month'), '%y%m') || lpad((i // 3)::varchar, 8, '0') as order_id, (i % 3)::varchar as line_id, day as ordered_on,
    'R' || lpad(rep::varchar, 5, '0') as rep_id, 'C' || lpad((rep + nth * getvariable('n_reps'))::varchar, 6, '0') as customer_id, 'P' || lpad(product::varchar, 3, '0') as product_id,
    null::varchar as region_id, null::varchar as invoice_id, day + 30 as due_on, pieces as quantity, 100 + product as unit_price,
    pieces * (100 + product) + (k >> 30) % 100 / 100 as amount, pieces * (60 + product) as cost_amount, null::decimal(18, 4) as profit_amount, 'CNY' as currency, null::boolean as is_instalment
from placed

-- entity: payment monthly
select 'PAY' || strftime(getvariable('month'), '%y%m') || lpad(i::varchar, 8, '0') as payment_id, strftime(getvariable('month'), '%y%m') || lpad(i::varchar, 8, '0') as order_id, null::varchar as invoice_id,
    null::varchar as customer_id, (getvariable('month') + (hash(i, getvariable('month'), 3) % 28)::int)::date as paid_on, 300 + hash(i, 5) % 500 as amount, 'CNY' as currency, null::boolean as is_bad_debt
from range(getvariable('n_lines') // 3) as t(i) where i % 10 > 0

-- entity: return monthly
select 'RET' || strftime(getvariable('month'), '%y%m') || i as return_id, strftime(getvariable('month'), '%y%m') || lpad(i::varchar, 8, '0') as order_id, '1' as line_id,
    (getvariable('month') + 27)::date as returned_on, null::decimal(18, 6) as quantity, null::decimal(18, 4) as amount, null::decimal(18, 4) as cost_amount, 'damaged' as reason
from range(0, getvariable('n_lines') // 3, 30) as t(i)

-- entity: visit monthly
select 'V' || strftime(getvariable('month'), '%y%m') || i as visit_id, 'R' || lpad((hash(i, 11) % getvariable('n_reps'))::varchar, 5, '0') as rep_id,
    'C' || lpad((hash(i, 11) % getvariable('n_reps') + (hash(i, 12) % 20) * getvariable('n_reps'))::varchar, 6, '0') as customer_id,
    (getvariable('month') + (hash(i, 13, getvariable('month')) % 28)::int)::timestamp + interval 10 hour as visited_at, 'regular' as kind, 'ok' as outcome, hash(i, 14) % 3 = 0 as is_success, 30 as minutes,
    hash(i, 15) % 10 > 0 as is_price_ok, hash(i, 16) % 10 > 1 as is_stock_ok, hash(i, 17) % 10 > 2 as is_pop_ok, null::bigint as n_items_checked, null::bigint as n_items_passed
from range(getvariable('n_visits')) as t(i)

-- entity: expense monthly
select 'E' || strftime(getvariable('month'), '%y%m') || i as expense_id, 'R' || lpad((i // 2)::varchar, 5, '0') as rep_id, null::varchar as region_id, null::varchar as team_id,
    (getvariable('month') + (i % 28)::int)::date as spent_on, case i % 2 when 0 then 'travel' else 'dinner' end as kind, i % 2 = 0 as is_visit, 500 + hash(i) % 1000 as amount, 'CNY' as currency, null::varchar as note
from range(getvariable('n_reps') * 2) as t(i)

-- entity: target monthly
select getvariable('month') as period_on, 'rep' as unit_kind, 'R' || lpad(i::varchar, 5, '0') as unit_id, null::varchar as product_id, null::varchar as indicator, 50000 + hash(i) % 20000 as amount from range(getvariable('n_reps')) as t(i)

-- entity: deal monthly
select 'D' || strftime(getvariable('month'), '%y%m') || i as deal_id, 'R' || lpad((i % getvariable('n_reps'))::varchar, 5, '0') as rep_id, 'C' || lpad((i % (getvariable('n_reps') * 20))::varchar, 6, '0') as customer_id,
    'P' || lpad((i % 200)::varchar, 3, '0') as product_id, null::varchar as name, 'closed' as stage, case when hash(i, 21) % 3 = 0 then 'won' else 'lost' end as outcome, 1000 + hash(i, 22) % 9000 as amount,
    null::decimal(18, 6) as discount_rate, getvariable('month') as created_on, (getvariable('month') + (hash(i, 23) % 28)::int)::date as closed_on, 'rival' as competitor, null::varchar as loss_reason, null::varchar as source, null::varchar as helper_rep_id
from range(getvariable('n_reps') * 3) as t(i)

-- entity: complaint monthly
select 'K' || strftime(getvariable('month'), '%y%m') || i as complaint_id, 'C' || lpad((hash(i, 31) % (getvariable('n_reps') * 20))::varchar, 6, '0') as customer_id, null::varchar as rep_id, null::varchar as region_id,
    (getvariable('month') + (i % 28)::int)::timestamp as opened_at, (getvariable('month') + (i % 28)::int)::timestamp + interval 5 hour as replied_at, (getvariable('month') + (i % 28)::int)::timestamp + interval 60 hour as resolved_at,
    null::timestamp as escalated_at, 'closed' as status, 'late' as subject, 'phone' as channel
from range(getvariable('n_reps') // 2) as t(i)

-- entity: survey monthly
select 'S' || strftime(getvariable('month'), '%y%m') || i as survey_id, 'C' || lpad((hash(i, 41) % (getvariable('n_reps') * 20))::varchar, 6, '0') as customer_id, null::varchar as rep_id,
    (getvariable('month') + (i % 28)::int)::date as answered_on, 1 + hash(i, 42) % 5 as score, 1 as scale_low, 5 as scale_high from range(getvariable('n_reps')) as t(i)

-- entity: training monthly
select 'N' || strftime(getvariable('month'), '%y%m') || i as training_id, 'C' || lpad((hash(i, 51) % (getvariable('n_reps') * 20))::varchar, 6, '0') as customer_id, null::varchar as rep_id,
    (getvariable('month') + (i % 28)::int)::date as held_on, 'use' as topic from range(getvariable('n_reps') * 2) as t(i)

-- entity: feedback monthly
select 'F' || strftime(getvariable('month'), '%y%m') || i as feedback_id, 'C' || lpad((hash(i, 61) % (getvariable('n_reps') * 20))::varchar, 6, '0') as customer_id, null::varchar as rep_id,
    (getvariable('month') + (i % 28)::int)::date as filed_on, 'need' as topic from range(getvariable('n_reps') * 3) as t(i)

-- entity: activity monthly
select 'A' || strftime(getvariable('month'), '%y%m') || i as activity_id, 'R' || lpad((i % getvariable('n_reps'))::varchar, 5, '0') as rep_id,
    (getvariable('month') + (i // getvariable('n_reps'))::int)::date as done_on, case when i % 2 = 0 then 'daily_report' else 'morning_meeting' end as kind, hash(i, 71) % 20 > 0 as is_done
from range(getvariable('n_reps') * 28) as t(i)

-- entity: rating monthly
select 'R' || lpad(((i + 1 + i % 4) % getvariable('n_reps'))::varchar, 5, '0') as rater_id, 'R' || lpad((i // 4)::varchar, 5, '0') as rep_id, getvariable('month') as period_on,
    ['ability', 'attitude', 'discipline', 'collaboration'][1 + i % 4] as criterion, case when i % 4 = 3 then 'peer' else 'manager' end as rater_kind, 60 + hash(i, 81) % 40 as score
from range(getvariable('n_reps') * 4) as t(i)

-- entity: promotion_task monthly
select 'TASK' || strftime(getvariable('month'), '%y%m') || i as task_id, 'R' || lpad((i % getvariable('n_reps'))::varchar, 5, '0') as rep_id, 'C' || lpad((i % (getvariable('n_reps') * 20))::varchar, 6, '0') as customer_id, 'autumn' as promotion,
    (getvariable('month') + 20)::date as due_on, (getvariable('month') + 18 + (i % 4)::int)::date as done_on, getvariable('month') as from_on, (getvariable('month') + 14)::date as to_on from range(getvariable('n_reps')) as t(i)

-- entity: market monthly
select 'G' || lpad(i::varchar, 2, '0') as region_id, null::varchar as product_line, getvariable('month') as period_on, 100000000 as size_amount, 5 as n_competitors, 4000 as n_outlets, 1000 as n_leads, 1 as price_index, 9000 as area_km2, 1 as travel_hours,
    null::date as opened_on, 100000 as promotion_amount from range(20) as t(i)
