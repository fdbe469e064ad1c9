package analytics

// Band is a person's value beside bands over others, of whom there are at
// least five.
type Band struct {
	RepID     string  `db:"rep_id"`
	Indicator string  `db:"indicator"`
	Value     float64 `db:"value"`
	Peers     int64   `db:"n_peers"`
	P10       float64 `db:"p10"`
	P25       float64 `db:"p25"`
	P50       float64 `db:"p50"`
	P75       float64 `db:"p75"`
	P90       float64 `db:"p90"`
}

// MarketPart is one part of a person's market coefficient, beside the whole.
type MarketPart struct {
	RepID        string   `db:"rep_id"`
	Expected     float64  `db:"expected"` // sales of an average person there
	Sold         float64  `db:"sold"`
	D            float64  `db:"d"` // coefficient in force
	Low          *float64 `db:"d_low"`
	High         *float64 `db:"d_high"`
	Reliability  *float64 `db:"reliability"`
	Attainment   *float64 `db:"attainment"`
	Adjusted     *float64 `db:"adjusted"`
	AdjustedLow  *float64 `db:"adjusted_low"`
	AdjustedHigh *float64 `db:"adjusted_high"`
	Verdict      string   `db:"verdict"`
	Channel      string   `db:"channel"`
	Item         string   `db:"item"`
	TitleEn      string   `db:"title_en"` // of a driver
	TitleZh      string   `db:"title_zh"`
	Amount       float64  `db:"amount"` // in logs; the parts add up to that of D from data
	Value        *float64 `db:"value"`  // as in DifficultyPart
	MeanValue    *float64 `db:"mean_value"`
	Weight       *float64 `db:"weight"`
}
