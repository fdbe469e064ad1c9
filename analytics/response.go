package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"levelfield/analytics/stat"
)

// Resources that can be split between regions.
const (
	Promotion = "promotion" // money of a month
	Headcount = "headcount" // people
)

// leastVariation is the sd of ln resource below which a region's own slope says
// nothing (methods: allocation 3.4), and mostError the error of a slope from
// which the prior decides.
const leastVariation, mostError = .05, .15

// regionMonth is a row of allocation.region_month.
type regionMonth struct {
	region            string
	month             time.Time
	sales, money, fte float64
}

// fitResponses makes allocation.response.
func fitResponses(ctx context.Context, conn *sql.Conn) error {
	var prior, priorSD float64
	err := conn.QueryRowContext(ctx, "select prior_elasticity, prior_sd from plan.allocation join plan.version using (version_id) order by starts_on desc limit 1").Scan(&prior, &priorSD)
	if errors.Is(err, sql.ErrNoRows) {
		prior, priorSD = .34, .10
	} else if err != nil {
		return err
	}
	data, err := readRegionMonths(ctx, conn)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `create or replace table allocation.response (resource varchar, region_id varchar, n_months integer,
own_elasticity double, own_se double, elasticity double, elasticity_low double, elasticity_high double, se double, shared_se double,
resource_sd double, leverage double, low_seen double, high_seen double, level_se double, is_prior_only boolean, is_conflict boolean, conflict_z double,
pooled_elasticity double, mean_elasticity double, tau double, chase_p double, carry double, carry_se double, residual double)`); err != nil {
		return err
	}
	return conn.Raw(func(driverConn any) error {
		appender, err := duckdb.NewAppender(driverConn.(*duckdb.Conn), "", "allocation", "response")
		if err != nil {
			return err
		}
		for _, resource := range []string{Promotion, Headcount} {
			for _, row := range responseRows(resource, data, prior, priorSD) {
				if err := appender.AppendRow(row...); err != nil {
					return errors.Join(err, appender.Close())
				}
			}
		}
		return appender.Close()
	})
}

func readRegionMonths(ctx context.Context, conn *sql.Conn) (data []regionMonth, err error) {
	rows, err := conn.QueryContext(ctx, `select region_id, month, sales_amount::double, coalesce(promotion_amount, 0)::double, n_people
from allocation.region_month order by region_id, month`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m regionMonth
		if err := rows.Scan(&m.region, &m.month, &m.sales, &m.money, &m.fte); err != nil {
			return nil, err
		}
		data = append(data, m)
	}
	return data, rows.Err()
}

// responseRows fits one resource. Promotion money is fitted on sales of a
// person, people on sales: a change of people is no answer to money.
func responseRows(resource string, data []regionMonth, prior, priorSD float64) [][]driver.Value {
	var regions []string
	at, months := map[string]int{}, map[time.Time]int{}
	var efforts []stat.Effort
	low, high := map[int]float64{}, map[int]float64{}
	for _, m := range data {
		x := m.money
		y := m.sales / m.fte
		if resource == Headcount {
			x, y = m.fte, m.sales
		}
		if !(x > 0) || !(y > 0) || math.IsInf(y, 1) {
			continue
		}
		if _, known := at[m.region]; !known {
			at[m.region] = len(regions)
			regions = append(regions, m.region)
		}
		if _, known := months[m.month]; !known {
			months[m.month] = len(months)
		}
		r := at[m.region]
		if low[r] == 0 || x < low[r] {
			low[r] = x
		}
		high[r] = math.Max(high[r], x)
		efforts = append(efforts, stat.Effort{Region: r, Month: months[m.month], X: math.Log(x), Y: math.Log(y)})
	}
	if len(regions) == 0 {
		return nil
	}
	numberMonths(efforts, months)
	fit, err := stat.FitResponse(efforts, len(regions), len(months))
	if err != nil { // too little to fit: the prior says all there is
		fit = nothingFitted(len(regions))
	}
	e := stat.PoolElasticities(fit.Slope, fit.Variance, prior, priorSD)
	var rows [][]driver.Value
	for r, id := range regions {
		var own, se driver.Value
		ownSE := math.Sqrt(fit.Variance[r])
		if !math.IsInf(ownSE, 1) {
			own, se = fit.Slope[r], ownSE
		}
		rows = append(rows, []driver.Value{
			resource, id, int32(fit.N[r]), own, se, e.Each[r], math.Max(0, e.Each[r]-1.645*e.SE[r]), math.Min(1, e.Each[r]+1.645*e.SE[r]), e.SE[r], e.Shared[r],
			fit.SD[r], fit.Leverage[r], low[r], high[r], fit.Residual / math.Sqrt(math.Max(1, math.Min(12, float64(fit.N[r])))),
			e.Conflict || ownSE > mostError || fit.SD[r] < leastVariation, e.Conflict, e.Z,
			finite(e.Pooled), e.Mean, e.Tau, fit.ChaseP, fit.Carry, finite(fit.CarrySE), fit.Residual,
		})
	}
	return rows
}

// numberMonths numbers months by time: regions may begin in different ones.
func numberMonths(efforts []stat.Effort, months map[time.Time]int) {
	rank := make([]int, len(months))
	for a, i := range months {
		for b := range months {
			if b.Before(a) {
				rank[i]++
			}
		}
	}
	for i := range efforts {
		efforts[i].Month = rank[efforts[i].Month]
	}
}

func nothingFitted(n int) *stat.ResponseFit {
	f := &stat.ResponseFit{N: make([]int, n), SD: make([]float64, n), Leverage: make([]float64, n), ChaseP: 1, CarrySE: math.Inf(1), Residual: .15}
	for range n {
		f.Slope, f.Variance = append(f.Slope, math.NaN()), append(f.Variance, math.Inf(1))
	}
	return f
}

func finite(v float64) driver.Value {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}
