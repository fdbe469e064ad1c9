package i18n_test

import (
	"math"
	"testing"
	"time"

	"levelfield/dashboard/i18n"
)

func TestNumbersAreWrittenAsEachLanguageWritesThem(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	october := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ got, want string }{
		"thousands":                   {i18n.En.Decimal(1234567.891, 2), "1,234,567.89"},
		"a true minus":                {i18n.En.Decimal(-1234.5, 1), "−1,234.5"},
		"no minus before nought":      {i18n.En.Decimal(-0.04, 1), "0.0"},
		"not a number":                {i18n.En.Decimal(math.NaN(), 1), "—"},
		"a percentage":                {i18n.ZhCN.Percent(.9858, 1), "98.6%"},
		"万":                           {i18n.ZhCN.Money(32846000, "CNY"), "3,284.6万"},
		"亿":                           {i18n.ZhCN.Money(303000000, "CNY"), "3.03亿"},
		"yuan":                        {i18n.ZhCN.Money(527, "CNY"), "527元"},
		"another currency in Chinese": {i18n.ZhCN.Money(32846000, "USD"), "3,284.6万美元"},
		"millions":                    {i18n.En.Money(32846000, "CNY"), "¥32.85M"},
		"thousands of dollars":        {i18n.En.Money(-45200, "USD"), "−$45.2K"},
		"a currency without a sign":   {i18n.En.Money(1500, "CHF"), "CHF\u00a01.5K"},
		"a rate":                      {i18n.ZhCN.Value("rate", v(.314), "CNY").String(), "31.4%"},
		"no base":                     {i18n.ZhCN.Value("rate", nil, "CNY").String(), "—"},
		"money with its unit":         {i18n.En.Value("money", v(-77460000), "CNY").String(), "−¥77.46M"},
		"a count":                     {i18n.ZhCN.Value("count", v(214), "").String(), "214"},
		"per day":                     {i18n.En.Value("per_day", v(2.294), "").String(), "2.29/day"},
		"points":                      {i18n.ZhCN.Value("points", v(84.61), "").String(), "84.6分"},
		"days":                        {i18n.En.Value("days", v(2.5), "").String(), "2.5 days"},
		"pieces":                      {i18n.ZhCN.Value("pieces", v(366), "").String(), "366.0件"},
		"a ratio":                     {i18n.En.Value("ratio", v(1.234), "").String(), "1.23"},
		"a change of a rate":          {i18n.ZhCN.Change("rate", -.021), "2.1点"},
		"a change of an amount":       {i18n.En.Change("money", .039), "3.9%"},
		"a plus":                      {i18n.Signed(1, "1"), "+1"},
		"no plus before nought":       {i18n.Signed(0, "0"), "0"},
		"a month":                     {i18n.ZhCN.Month(october), "2026年10月"},
		"a month in English":          {i18n.En.Month(october), "Oct 2026"},
		"a list":                      {i18n.En.List([]string{"a", "b", "c"}), "a, b and c"},
		"a list in Chinese":           {i18n.ZhCN.List([]string{"西北", "西南"}), "西北、西南"},
		"inside a sentence":           {i18n.En.Inside("Price and mix"), "price and mix"},
		"sentences":                   {i18n.En.Sentences("A.", "", "B."), "A. B."},
	} {
		t.Run(name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

func TestAColumnHasOneScale(t *testing.T) {
	for _, c := range []struct {
		lang i18n.Lang
		max  float64
		unit string
		text string // of 1,234,567
	}{
		{i18n.ZhCN, 8e6, "万", "123.5"},
		{i18n.ZhCN, 2e10, "亿", "0.01"},
		{i18n.ZhCN, 900, "元", "1,234,567"},
		{i18n.En, 8e6, "¥K", "1,234.6"},
		{i18n.En, 8e7, "¥M", "1.23"},
	} {
		s := c.lang.MoneyScale(c.max, "CNY")
		if s.Unit() != c.unit || s.Text(c.lang, 1234567) != c.text {
			t.Errorf("%s up to %g: %s %s, want %s %s", c.lang, c.max, s.Text(c.lang, 1234567), s.Unit(), c.text, c.unit)
		}
	}
}
