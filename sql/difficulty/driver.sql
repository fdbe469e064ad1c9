-- One row: one driver of the market, with its place in the lists of difficulty.feature (set 1) and difficulty.feature_others (set 2).
-- Why: coefficients and contributions are printed by name; calendar drivers are the same for everybody in a month.
with
driver as (
    select * from (values
        (1, 1, 'potential', 'Market size a person', '人均市场容量'),
        (1, 2, 'leads', 'Company leads a person', '人均公司线索'),
        (1, 3, 'rivals', 'Competitors listed', '竞争者数'),
        (1, 4, 'price', 'Price level', '价格水平'),
        (1, 5, 'density', 'Outlets per km²', '终端密度'),
        (1, 6, 'travel', 'Travel a visit', '单次路程'),
        (1, 7, 'maturity', 'Age of the market', '市场开发年限'),
        (1, 8, 'season_sin', 'Season, spring to autumn', '季节(春秋)'),
        (1, 9, 'season_cos', 'Season, winter to summer', '季节(冬夏)'),
        (1, 10, 'workdays', 'Workdays', '工作日'),
        (1, 11, 'potential_missing', 'Market size missing', '缺市场容量'),
        (1, 12, 'leads_missing', 'Leads missing', '缺线索数'),
        (1, 13, 'rivals_missing', 'Competitors missing', '缺竞争者数'),
        (1, 14, 'price_missing', 'Price level missing', '缺价格水平'),
        (1, 15, 'density_missing', 'Density missing', '缺终端密度'),
        (1, 16, 'travel_missing', 'Travel missing', '缺路程'),
        (1, 17, 'maturity_missing', 'Age missing', '缺开发年限'),
        (2, 1, 'win_rate', 'Win rate of others', '他人赢单率'),
        (2, 2, 'rival_share', 'Lost to rivals by others', '他人输给对手的比例'),
        (2, 3, 'rivals_met', 'Rivals met by others', '他人遇到的对手数'),
        (2, 4, 'growth', 'Growth of others', '他人销售增长'),
        (2, 5, 'win_rate_missing', 'Win rate missing', '缺赢单率'),
        (2, 6, 'rival_share_missing', 'Rival share missing', '缺对手比例'),
        (2, 7, 'rivals_met_missing', 'Rivals met missing', '缺对手数'),
        (2, 8, 'growth_missing', 'Growth missing', '缺增长')
    ) as driver (set_number, position, driver, title_en, title_zh)
)

select * from driver
