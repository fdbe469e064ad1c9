-- One row: one deal that was open when a person left a territory and that somebody else won there within 60 days.
-- Formula: the deal was created before the person left, its customer bought from the person in the month he left or the three
-- before, and it was won in the territory, by another person, on one of the 60 days from the day he left. amount is the whole deal.
-- Why: what a person sowed and another reaped is shown beside his market, so that nobody loses by being moved; it enters no
-- expectation, score or pay, since the winner has it. A customer who never bought is nobody's: exports name today's owner only.
with
assignment as (
    select * from core.assignment
),

sales_month as (
    select * from core.sales_month
    where customer_id <> '' and n_lines > 0
),

deal as (
    select * from core.deal_line
    where outcome = 'won' and customer_id <> ''
),

stay as (
    select
        rep_id,
        region_id,
        until_on,
        lead(region_id) over (partition by rep_id order by from_on) as next_region_id,
    from assignment
),

move as (
    select
        rep_id,
        region_id,
        until_on as left_on,
    from stay
    where next_region_id <> region_id
),

handed_over as (
    select
        move.rep_id as rep_id,
        move.region_id as cell_id,
        move.left_on as left_on,
        deal.month as month,
        deal.deal_id as deal_id,
        deal.customer_id as customer_id,
        deal.rep_id as winner_id,
        deal.closed_on as won_on,
        deal.won_amount as amount,
    from move
    inner join deal
        on deal.region_id = move.region_id
        and deal.rep_id <> move.rep_id
        and deal.created_on < move.left_on
        and deal.closed_on >= move.left_on
        and deal.closed_on < cast(move.left_on + interval '60' day as date)
),

served as (
    select distinct
        handed_over.rep_id as rep_id,
        handed_over.deal_id as deal_id,
        handed_over.left_on as left_on,
    from handed_over
    inner join sales_month
        on sales_month.rep_id = handed_over.rep_id
        and sales_month.customer_id = handed_over.customer_id
        and sales_month.region_id = handed_over.cell_id
        and sales_month.month <= handed_over.left_on
        and sales_month.month >= cast(date_trunc('month', handed_over.left_on) - interval '3' month as date)
),

credited as (
    select handed_over.*
    from handed_over
    inner join served using (rep_id, deal_id, left_on)
)

select * from credited
