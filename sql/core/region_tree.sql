-- One row: one region and one region it lies in, itself included.
-- Formula: parents of parents, at most 20 steps so that a circle in the list ends.
-- Why: what a region sells, every region above it sells.
with recursive
region as (
    select * from core.region
),

climb as (
    select
        region_id as region_id,
        region_id as ancestor_id,
        0 as n_steps,
    from region

    union all

    select
        climb.region_id as region_id,
        region.parent_id as ancestor_id,
        climb.n_steps + 1 as n_steps,
    from climb
    inner join region
        on region.region_id = climb.ancestor_id
    where region.parent_id is not null
    and climb.n_steps < 20
),

tree as (
    select
        region_id,
        ancestor_id,
        min(n_steps) as n_steps,
    from climb
    group by region_id, ancestor_id
)

select * from tree
