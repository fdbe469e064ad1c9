-- One row: one name or id that exports of one month use for somebody or something.
-- Formula: every value of a field that names a person, customer, product, region or team, once a month; a person is a
-- seller where the field says whose row it is. Rows without a date are read by the identities themselves.
-- Why: who is meant is decided over all exports; a month that did not change is not searched again.
with
named as (
    select month, 'seller' as names, rep_id as value from staging.order_line
    union
    select month, 'customer' as names, customer_id as value from staging.order_line
    union
    select month, 'product' as names, product_id as value from staging.order_line
    union
    select month, 'region' as names, region_id as value from staging.order_line
    union
    select month, 'seller' as names, rep_id as value from staging.deal
    union
    select month, 'person' as names, helper_rep_id as value from staging.deal
    union
    select month, 'customer' as names, customer_id as value from staging.deal
    union
    select month, 'product' as names, product_id as value from staging.deal
    union
    select month, 'seller' as names, rep_id as value from staging.visit
    union
    select month, 'customer' as names, customer_id as value from staging.visit
    union
    select month, 'seller' as names, rep_id as value from staging.complaint
    union
    select month, 'customer' as names, customer_id as value from staging.complaint
    union
    select month, 'region' as names, region_id as value from staging.complaint
    union
    select month, 'seller' as names, rep_id as value from staging.survey
    union
    select month, 'customer' as names, customer_id as value from staging.survey
    union
    select month, 'seller' as names, rep_id as value from staging.training
    union
    select month, 'customer' as names, customer_id as value from staging.training
    union
    select month, 'seller' as names, rep_id as value from staging.feedback
    union
    select month, 'customer' as names, customer_id as value from staging.feedback
    union
    select month, 'seller' as names, rep_id as value from staging.activity
    union
    select month, 'customer' as names, customer_id as value from staging.payment
    union
    select month, 'seller' as names, rep_id as value from staging.expense
    union
    select month, 'region' as names, region_id as value from staging.expense
    union
    select month, 'team' as names, team_id as value from staging.expense
    union
    select month, 'seller' as names, rep_id as value from staging.rating
    union
    select month, 'person' as names, rater_id as value from staging.rating
    union
    select month, 'seller' as names, rep_id as value from staging.promotion_task
    union
    select month, 'customer' as names, customer_id as value from staging.promotion_task
    union
    select month, 'seller' as names, rep_id as value from staging.innovation
),

met as (
    select
        month,
        names,
        value,
    from named
    where month is not null
    and value is not null
)

select * from met
