package dashboard

import (
	"testing"

	"levelfield/dashboard/i18n"
)

func TestTheLogIsToldInTheReadersLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"user chen":                          "账号 chen",
		"month 2026-10":                      "2026-10 月",
		"check duplicate_order of 2026-10":   "2026-10 的检查 duplicate_order",
		"expenses of R-7 in 2026-10":         "R-7 在 2026-10 的费用",
		"score of rep R-7 in 2026-10":        "R-7 在 2026-10 的 score",
		"teamwork of R-7 in 2026-10":         "R-7 在 2026-10 的 teamwork",
		"visits of 2026-10":                  "2026-10 的 visits",
		"groups by gender, age":              "按性别, 年龄的分组",
		"mail of reports":                    "报告邮件",
		"48 reports of run r-1":              "运行 r-1 的 48 份报告",
		"month end (run r-1, seal 0a1b2c3d)": "month end（运行 r-1，封印 0a1b2c3d）",
		"as peer":                            "以同事身份",
		"role manager":                       "角色 经理",
		"role manager, regions [\"E\"]":      "角色 经理，regions [\"E\"]",
		"scopes read pay, until 2026-12-31":  "权限 read pay，有效至 2026-12-31",
		"wrong password":                     "密码错误",
		"a reason that somebody wrote":       "a reason that somebody wrote",
	} {
		zh := &Query{Lang: i18n.ZhCN}
		if got := zh.toldLog(text); got != want {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
		en := &Query{Lang: i18n.En}
		if got, same := en.toldLog(text), text; text != "score of rep R-7 in 2026-10" && text[:4] != "role" && got != same {
			t.Errorf("in English %q is told as %q", text, got)
		}
	}
}
