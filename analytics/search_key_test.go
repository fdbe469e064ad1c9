package analytics

import (
	"fmt"
	"testing"
)

func TestNamesAreSpelledAsPeopleTypeThem(t *testing.T) {
	for name, want := range map[string][]string{
		"王伟":       {"wangwei ww"},
		"曾志伟":      {"zengzhiwei zzw", "cengzhiwei czw"},
		"厦门办事处":    {"xiamenbanshichu xmbsc"},
		"重庆":       {"chongqing cq", "zhongqing zq"},
		"GTX 药业":   {"gtxyaoye gyy"},
		"Li Qiang": {"liqiang lq"},
		"欧阳娜娜":     {"ouyangnana oynn"},
		"R1":       {"r1 r1"},
	} {
		got := map[string]bool{}
		for _, s := range SpellingsOf(name) {
			got[s.Full+" "+s.Initials] = true
		}
		for _, w := range want {
			if !got[w] {
				t.Errorf("%s is spelled %v, not %s", name, got, w)
			}
		}
		if len(got) > mostSpellings {
			t.Errorf("%s is spelled in %d ways", name, len(got))
		}
	}
	if got := SpellingsOf("！ 。"); got != nil {
		t.Errorf("signs are spelled %v", got)
	}
	if got := fmt.Sprint(Typed(" Xi'An "), Typed("王 伟")); got != "xian 王伟" && got != "xian王伟" {
		t.Errorf("typed %q", got)
	}
}
