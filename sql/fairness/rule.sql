-- One row: one threshold of the review: what is crossed and who set it.
-- Formula: constants; a relation, so that every page and test reads the same number.
-- Why: a flag can be disputed only where its threshold is printed beside it.
with
rule as (
    select * from (values
        ('F1', 'outer_level', 0.998, 'Spiegelhalter 2005'),
        ('F1', 'inner_level', 0.95, 'Spiegelhalter 2005'),
        ('F2', 'mean_shift_rate', 0.10, 'levelfield'),
        ('F3', 'correlation', 0.10, 'levelfield'),
        ('F4', 'slope', 0.80, 'Chetty, Friedman & Rockoff 2014'),
        ('F5', 'impact_ratio', 0.80, 'EEOC Uniform Guidelines 1978, 4D'),
        ('F5', 'group_share', 0.02, 'EEOC Uniform Guidelines 1978, 4A'),
        ('F5', 'shortfall_people', 1, 'EEOC Uniform Guidelines 1978, 4D'),
        ('F10', 'between_change', 0, 'levelfield'),
        ('F11', 'unexplained_share', 0.50, 'levelfield'),
        ('F12', 'severity_z', 2, 'levelfield'),
        ('F12', 'severity_sd', 0.30, 'levelfield'),
        ('F13', 'interval_width_rate', 0.50, 'Goldstein & Spiegelhalter 1996'),
        ('F13', 'month_block_ratio', 1.25, 'levelfield'),
        ('F14', 'flip_rate', 0.10, 'OECD/JRC Handbook 2008'),
        ('F15', 'priced_slope', 0.50, 'levelfield'),
        ('F15', 'manager_z', 2, 'levelfield'),
        ('all', 'false_discovery_rate', 0.05, 'Benjamini & Hochberg 1995'),
        ('all', 'smallest_group', 5, 'levelfield')
    ) as rule (item, rule, value, set_by)
),

typed as (
    select
        item,
        rule,
        cast(value as double) as value,
        set_by,
    from rule
)

select * from typed
order by item, rule
