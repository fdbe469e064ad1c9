package chart_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/dashboard/chart"
)

var update = flag.Bool("update", false, "write the golden files anew")

func p(v float64) *float64 { return &v }

var months = []string{"8月", "9月", "10月"}

func TestOptionsMatchTheirGoldens(t *testing.T) {
	words := chart.TrendWords{Value: "销售额", Goal: "目标", Year: "去年同月", Gap: "与目标差额"}
	for name, option := range map[string]chart.Option{
		"rank": chart.Rank([]chart.RankRow{
			{Name: "华东", Value: 1.016, Text: "101.6", Low: p(.95), High: p(1.01), Tone: "above", Place: "3 → 1"},
			{Name: "西北", Value: .941, Text: "94.1", Low: p(.9), High: p(1.1), Place: "6 → 2"},
			{Name: "新区", Value: .9, Text: "90.0", Place: "3"},
		}, .986, "全公司 98.6%", "名次", "目标达成率"),
		"trend":            chart.Trend(months, []*float64{p(30980000), nil, p(32846000)}, []*float64{p(32400000), nil, p(33320000)}, nil, words),
		"trend_year":       chart.Trend(months, []*float64{p(1), p(2), p(3)}, nil, []*float64{nil, p(2), p(2)}, words),
		"trend_gap":        chart.TrendGap(months, []*float64{p(-1420000), nil, p(474000)}, []string{"−142", "", "+47"}, words),
		"waterfall":        chart.Waterfall([]chart.Step{{Name: "老客户", Value: 121.8, Text: "+121.8"}, {Name: "工作日", Value: -92.6, Text: "−92.6"}, {Name: "合计", Value: 29.2, Text: "+29.2", Total: true}}, "@money"),
		"waterfall_across": chart.Waterfall([]chart.Step{{Name: "老客户", Value: 50, Text: "+50"}, {Name: "工作日", Value: -120, Text: "−120"}, {Name: "退货", Value: -10, Text: "−10"}, {Name: "合计", Value: -80, Text: "−80", Total: true}}, "@money"),
		"small":            chart.Small(months, []*float64{p(.98), nil, p(1.02)}, []*float64{p(1), p(1), p(1)}, "全公司", "华东", 1, chart.CommonBounds(1, []*float64{p(.98), p(1.02)}), "above", "@pct0", "@pct1"),
		"bars":             chart.Bars([]chart.Bar{{Name: "华东", Value: p(.185), Text: "18.5%"}, {Name: "港澳", Text: "—"}}, "@pct0", "@pct2", "市场占有率"),
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := json.Indent(&got, []byte(option.JSON()), "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("differs from %s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestBothPartsOfTheLibraryHoldWhatChartsUse reads the package: what is not
// bundled is left out of a drawing without an error.
func TestBothPartsOfTheLibraryHoldWhatChartsUse(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	uses := regexp.MustCompile(`Type: +"(bar|line|scatter|heatmap|pie|boxplot|candlestick|custom|graph|sankey|tree|treemap|radar|gauge|funnel|parallel|sunburst|map)"|(MarkLine|MarkArea|MarkPoint|Tooltip|Legend|VisualMap|DataZoom)s?:`)
	needed := map[string]string{}
	for _, file := range sources {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range uses.FindAllStringSubmatch(string(text), -1) {
			if m[1] != "" {
				needed[strings.ToUpper(m[1][:1])+m[1][1:]+"Chart"] = file
			} else {
				needed[m[2]+"Component"] = file
			}
		}
	}
	if len(needed) < 6 {
		t.Errorf("charts use only %v: this test reads too little", needed)
	}
	for _, bundle := range []string{"screen.mjs", "paper.mjs"} {
		text, err := os.ReadFile(filepath.Join("..", "web", bundle))
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range needed {
			if name == "TooltipComponent" && bundle == "paper.mjs" {
				continue // nobody points at paper
			}
			if !strings.Contains(string(text), name) {
				t.Errorf("%s uses %s, which %s does not bundle", file, name, bundle)
			}
		}
	}
}

func TestWaterfallStepsEndWhereTheTotalStands(t *testing.T) {
	o := chart.Waterfall([]chart.Step{{Value: 50}, {Value: -120}, {Value: -10}, {Value: -80, Total: true}}, "")
	sums := make([]float64, 4)
	for _, s := range o.Series {
		if s.ItemStyle.Color == "transparent" {
			continue
		}
		for i, d := range s.Data.([]any) {
			switch d := d.(type) {
			case chart.Item:
				sums[i] += abs(d.Value.(float64))
			case float64:
				sums[i] += abs(d)
			}
		}
	}
	if diff := cmp.Diff([]float64{50, 120, 10, 80}, sums); diff != "" {
		t.Errorf("lengths of the bars (-want +got):\n%s", diff)
	}
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

func TestJSONCannotEndItsScript(t *testing.T) {
	o := chart.Bars([]chart.Bar{{Name: "</script><script>alert(1)</script>", Value: p(1)}}, "", "", "")
	if strings.Contains(o.JSON(), "</script") {
		t.Error("a name can end the script element")
	}
}

func TestSparkDrawsGapsAndTheLastPoint(t *testing.T) {
	for name, c := range map[string]struct {
		values []*float64
		goal   *float64
		want   string
	}{
		"nothing":         {nil, nil, ""},
		"one month":       {[]*float64{p(1)}, nil, ""},
		"no value":        {[]*float64{nil, nil}, nil, ""},
		"a gap":           {[]*float64{p(1), nil, p(3), p(2)}, nil, `d="M3.0 19.0M56.3 3.0L83.0 11.0"`},
		"a goal":          {[]*float64{p(1), p(2)}, p(3), `<line class="goal" x1="0" x2="86" y1="3.0" y2="3.0"/>`},
		"a constant line": {[]*float64{p(5), p(5)}, nil, `d="M3.0 11.0L83.0 11.0"`},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(chart.Spark(c.values, c.goal, 86, 22))
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %s, want it to hold %s", got, c.want)
			}
		})
	}
}

func TestMarksOfTablesAndCards(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"a bullet short of its target": {string(chart.Bullet(90, 100, true)), `class="fill off" x="0" y="2.5" width="81.8" height="3"/><rect class="mark" x="90.9"`},
		"no bullet without amounts":    {string(chart.Bullet(0, 0, false)), ``},
		"a bar of half the column":     {string(chart.CellBar(p(5), 10, 72)), `width="36.0"`},
		"an empty bar":                 {string(chart.CellBar(nil, 10, 72)), `<svg class="cell-bar" width="72" height="14" aria-hidden="true"></svg>`},
		"a gap to the left":            {string(chart.CellGap(p(-.05), .1, "neg", 44)), `<rect class="b neg" x="11.0" y="3" width="11.0"`},
		"an interval":                  {string(chart.Interval(10, 30, 20, 25, 0, 100, "neg", 100)), `x="10.0" y="5" width="20.0"`},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(c.got, c.want) {
				t.Errorf("got %s, want it to hold %s", c.got, c.want)
			}
		})
	}
}

func TestCommonBoundsAreRoundAndHoldTheReference(t *testing.T) {
	got := chart.CommonBounds(1, []*float64{p(.78), nil, p(1.31)})
	if got != (chart.Bounds{Min: .6, Max: 1.4, Step: .2}) {
		t.Errorf("got %+v", got)
	}
}
