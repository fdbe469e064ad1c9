-- One row: one exported row behind a part of a person's coefficient: his targets of the month, and what the twelve months before
-- say of his markets (the rows that difficulty.market_driver reads: of the nearest region, the cell's own line where given).
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    cell as (
        select distinct c.cell_id, c.region_id, c.product_line
        from difficulty.posting as p
        inner join seen as s on s.unit_kind = 'rep' and s.unit_id = p.rep_id
        inner join difficulty.cell as c on c.cell_id = p.cell_id
        where p.rep_id = $rep_id and p.month = $month::date and p.exposure > 0
    ),

    market as (
        select
            m.*,
            dense_rank() over (
                partition by c.cell_id, m.month
                order by t.n_steps, case when m.product_line = c.product_line then 0 else 1 end
            ) as n_choice,
        from cell as c
        inner join core.region_tree as t on t.region_id = c.region_id
        inner join core.market_line as m on m.region_id = t.ancestor_id
        where
            (c.product_line = '' or m.product_line in ('', c.product_line))
            and m.month between cast($month::date - interval 12 month as date) and cast($month::date - interval 1 month as date)
    ),

    said as (
        unpivot (
            select
                source_file,
                source_sheet,
                source_row,
                size_amount::double as potential,
                n_leads::double as leads,
                n_competitors::double as rivals,
                price_index::double as price,
                n_outlets::double as density,
                travel_hours::double as travel,
                date_diff('month', opened_on, $month::date)::double as maturity,
            from market
            where n_choice = 1
        ) on potential, leads, rivals, price, density, travel, maturity into name item value amount
    ),

    listed as (
        select distinct item, source_file, source_sheet, source_row, amount::decimal(28, 6)::varchar as amount from said

        union all

        select 'target', t.source_file, t.source_sheet, t.source_row, t.target_amount::varchar
        from core.target_line as t
        inner join seen as s on s.unit_kind = t.unit_kind and s.unit_id = t.unit_id
        where t.unit_kind = 'rep' and t.unit_id = $rep_id and t.month = $month::date
    )

select item, source_file, source_sheet, source_row, amount
from listed
order by item <> 'target', item, source_file, source_sheet, source_row
