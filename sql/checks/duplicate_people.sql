-- One row: one spelling shared by several entries of the rep list.
-- Why: one rep entered twice splits its figures.
with
rep as (
    select * from staging.rep
),

spelled as (
    select
        spelling(name) as spelled_as,
        min(rep_id) as first_id,
        max(rep_id) as last_id,
        count(*) as n_entries,
    from rep
    group by spelling(name)
    having count(*) > 1
)

select * from spelled
order by n_entries desc, spelled_as
