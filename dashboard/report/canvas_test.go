package report

import (
	"os"
	"strings"
	"testing"

	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

func bars() chart.Option {
	v := 12345678.9
	return chart.Bars([]chart.Bar{{Name: "华东", Value: &v, Text: "1,234.6万", Mark: true}, {Name: "西北", Value: nil, Text: "—"}}, "@money", "@n2", "销售额")
}

func TestCanvasDrawsAnOptionWithoutABrowser(t *testing.T) {
	svg, err := drawSVG(i18n.ZhCN, bars(), 640, 240)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("LEVELFIELD_SHOTS"); dir != "" {
		os.WriteFile(dir+"/bars.svg", []byte(svg), 0o644)
	}
	for _, want := range []string{`<svg`, `华东`, `1,234.6万`, `#27323a`, `500万`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the chart has no %s", want)
		}
	}
	for _, never := range []string{"$c-", "@money", "http", "<script"} {
		if strings.Contains(svg, never) {
			t.Errorf("the chart holds %s", never)
		}
	}
}

func TestCanvasWritesAmountsOfAnAxisInTheReadersLanguage(t *testing.T) {
	svg, err := drawSVG(i18n.En, bars(), 640, 240)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(svg, ">5M<") {
		t.Errorf("no 5M on the axis of the English chart")
	}
}

func BenchmarkCanvas(b *testing.B) {
	if _, err := drawSVG(i18n.ZhCN, bars(), 640, 240); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := drawSVG(i18n.ZhCN, bars(), 640, 240); err != nil {
			b.Fatal(err)
		}
	}
}
