package value

// ErrBool is why a cell is neither yes nor no.
const ErrBool Error = "neither yes nor no"

// yes and no are the words of Bool, in lower case.
var (
	yes = [...]string{"true", "t", "yes", "y", "1", "on", "是", "有", "对", "真", "√", "✓", "✔", "已", "合格", "达标"}
	no  = [...]string{"false", "f", "no", "n", "0", "off", "否", "无", "错", "假", "×", "✗", "✘", "未", "不合格", "未达标"}
)

// Bool reads yes or no: true, yes, y, t, 1, on, 是, 有, 对, 合格, √ and their
// opposites.
func Bool[T Text](s T, f *Format) (v, null bool, err error) {
	text := trim(view(s))
	if text == "" || f != nil && f.isNull(text) {
		return false, true, nil
	}
	for _, word := range yes {
		if len(word) == len(text) && equalFold(word, text) {
			return true, false, nil
		}
	}
	for _, word := range no {
		if len(word) == len(text) && equalFold(word, text) {
			return false, false, nil
		}
	}
	return false, false, ErrBool
}
