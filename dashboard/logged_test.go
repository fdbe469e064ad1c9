package dashboard

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"levelfield/dashboard/i18n"
)

func TestTheLogIsToldInTheReadersLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"user chen":                          "账号 chen",
		"user auditor":                       "账号 auditor",
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
		"1 reports of run r-1":               "运行 r-1 的 1 份报告",
		"as peer":                            "以同事身份",
		"role manager":                       "角色 经理",
		"role manager, regions [\"E\"]":      "角色 经理，regions [\"E\"]",
		"scopes read pay, until 2026-12-31":  "权限 read pay，有效至 2026-12-31",
		"wrong password":                     "密码错误",
		"a reason that somebody wrote":       "a reason that somebody wrote",
	} {
		if got := (&Query{Lang: i18n.ZhCN}).toldLog(text); got != want {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"user auditor": "user auditor", "1 reports of run r-1": "1 report of run r-1", "role admin": "role Administrator", "wrong password": "wrong password"} {
		if got := (&Query{Lang: i18n.En}).toldLog(text); got != want {
			t.Errorf("%q is told in English as %q, want %q", text, got, want)
		}
	}
}

func TestEveryActionOfTheLogHasWords(t *testing.T) {
	actions := regexp.MustCompile(`(?:audit\(tx|Log\(ctx|Log\(c\.Request\.Context\(\)), [^",]+, "([a-z_ ]+)"`)
	n := 0
	for _, dir := range []string{"store", "auth", "."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range actions.FindAllSubmatch(code, -1) {
				n++
				if action := string(m[1]); (&Query{Lang: i18n.ZhCN}).did(action) == action {
					t.Errorf("%s: the log page has no words for %q", file, action)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("%d actions found in the code, far fewer than there are", n)
	}
}
