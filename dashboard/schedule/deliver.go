package schedule

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/store"
)

// lease is how long a process may be at one delivery or tell nobody that it
// still works on a job, before another takes it over.
const lease = 10 * time.Minute

// pauses are how long a failed delivery waits before each next try. After the
// last it is stopped and waits for a person.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}

// Outcome is what a round of deliveries did.
type Outcome struct {
	Done, Failed, Stopped int
}

func (o Outcome) String() string {
	return fmt.Sprintf("%d delivered, %d failed, %d stopped", o.Done, o.Failed, o.Stopped)
}

// Deliver makes and delivers what waits, on every processor, until nothing
// waits any more or ctx ends. each is called after each delivery; it may be
// nil. A delivery that fails is noted with its reason and the others go on.
func (r *Runner) Deliver(ctx context.Context, each func(store.Delivery)) (Outcome, error) {
	w := &worker{Runner: r, owner: newOwner(), runs: map[string]*analytics.Run{}, each: each}
	defer w.close()
	if err := r.freeDead(ctx); err != nil {
		return Outcome{}, err
	}
	events, err := r.Store.Events(ctx)
	if err != nil {
		return Outcome{}, err
	}
	w.events = events
	var group sync.WaitGroup
	failures := make([]error, runtime.GOMAXPROCS(0))
	for i := range failures {
		group.Go(func() { failures[i] = w.work(ctx) })
	}
	group.Wait()
	// what was claimed and not begun is given back, even where ctx has ended
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return w.outcome, errors.Join(append(failures, r.Store.ReleaseDeliveries(back, w.owner))...)
}

// worker is one round of deliveries.
type worker struct {
	*Runner
	owner  string // of this round's claims
	events []store.Event
	each   func(store.Delivery)

	mu      sync.Mutex
	runs    map[string]*analytics.Run
	outcome Outcome
}

func (w *worker) close() {
	for _, run := range w.runs {
		run.Close()
	}
}

// run opens a published run once for all deliveries.
func (w *worker) run(id string) (*analytics.Run, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if run := w.runs[id]; run != nil {
		return run, nil
	}
	run, err := analytics.OpenRun(w.Dir, id)
	if err == nil {
		w.runs[id] = run
	}
	return run, err
}

func (w *worker) work(ctx context.Context) error {
	for ctx.Err() == nil {
		d, err := w.Store.ClaimDelivery(ctx, w.owner, lease)
		if err != nil || d == nil {
			return errors.Join(err, ctx.Err())
		}
		failure := w.one(ctx, d)
		if ctx.Err() != nil && failure != nil {
			return ctx.Err() // stopped half way: the claim is given back
		}
		w.judge(d, failure)
		if err := w.Store.EndDelivery(context.WithoutCancel(ctx), w.owner, *d); err != nil {
			return err
		}
		w.count(*d)
	}
	return ctx.Err()
}

func (w *worker) count(d store.Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch d.State {
	case store.Done:
		w.outcome.Done++
	case store.Failed:
		w.outcome.Failed++
	case store.Stopped:
		w.outcome.Stopped++
	}
	if w.each != nil {
		w.each(d)
	}
}

// judge sets what becomes of a delivery.
func (w *worker) judge(d *store.Delivery, failure error) {
	if failure == nil {
		d.State, d.Error = store.Done, ""
		return
	}
	d.State, d.Error = store.Failed, failure.Error()
	if errors.As(failure, &permanent{}) || d.Attempts > len(pauses) {
		d.State = store.Stopped
	} else {
		d.NextAt = w.Store.Now().Add(pauses[d.Attempts-1])
	}
	w.Log.Warn("report not delivered", "report", d.Report, "unit", d.UnitID, "to", d.Recipient, "try", d.Attempts, "state", d.State, "why", failure)
}

// one makes a report and delivers it. A panic of one report is its failure.
func (w *worker) one(ctx context.Context, d *store.Delivery) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			w.Log.Error("panic", "cause", cause, "stack", string(debug.Stack()))
			err = fmt.Errorf("making the report failed: %v", cause)
		}
	}()
	token, unsubscribed := "", false
	if d.Recipient != store.Folder {
		if token, unsubscribed, err = w.Store.MailToken(ctx, d.Recipient); err != nil {
			return err
		}
		if unsubscribed {
			return permanent{errors.New("the recipient wants no mail")}
		}
	}
	run, err := w.run(d.RunID)
	if err != nil {
		return err
	}
	o := report.Order{Kind: report.Kind(d.Report), UnitID: d.UnitID, Reader: d.Name, Month: d.Month, Lang: i18n.Lang(d.Lang), State: State(w.events, d.Month), Store: w.Store}
	made, err := w.make(ctx, run, o)
	if err != nil {
		return err
	}
	if err := made.Missing(); err != nil {
		w.Log.Warn("characters without a glyph", "why", err)
	}
	if d.Recipient == store.Folder {
		d.File, err = w.file(made, o)
		return err
	}
	return w.mail(ctx, d, made, token)
}

// forms are the files a report is kept as in the folder.
func forms(r *report.Report, kind report.Kind) map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{"pdf": r.PDF}
	if kind != report.ForPerson { // of a person's statement the workbook is made on demand
		all["html"], all["xlsx"] = r.HTML, r.XLSX
	}
	return all
}

// file writes a report into reports/<month>/ and returns the PDF's name.
func (w *worker) file(r *report.Report, o report.Order) (string, error) {
	dir := filepath.Join("reports", o.Month.Format("2006-01"))
	if err := os.MkdirAll(filepath.Join(w.Dir, dir), 0o755); err != nil {
		return "", err
	}
	base := filepath.Join(dir, FileName(o))
	for ending, write := range forms(r, o.Kind) {
		if err := writeFile(filepath.Join(w.Dir, base+"."+ending), write); err != nil {
			return "", err
		}
	}
	return base + ".pdf", nil
}

// FileName is how the file of a report is called, without its ending:
// statement-R017-zh-CN.
func FileName(o report.Order) string {
	parts := []string{string(o.Kind)}
	if o.UnitID != "" {
		// an id comes from an export; it must not leave the folder
		parts = append(parts, strings.ReplaceAll(url.PathEscape(o.UnitID), ".", "%2E"))
	}
	return strings.Join(append(parts, string(o.Lang)), "-")
}

// writeFile writes beside the file's place and renames, so that nobody reads
// half a report.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".levelfield-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func (w *worker) mail(ctx context.Context, d *store.Delivery, r *report.Report, token string) error {
	if w.Mail.Host == "" {
		return permanent{errors.New("mail.host is empty in levelfield.yaml: no mail can be sent")}
	}
	m := mailer{w.Mail, w.Roots}
	l := letter{id: messageID(*d, w.Mail.From), to: d.Recipient, name: d.Name, date: w.Store.Now(),
		subject: r.Title + " · " + r.Lang.Month(r.Month) + " · " + r.Company}
	if w.Mail.Link != "" {
		l.stop = strings.TrimSuffix(w.Mail.Link, "/") + "/unsubscribe/" + token
	}
	l.body = m.words(r.Lang, d.Name, r.Says, r.Title, l.stop, "/?month="+r.Month.Format("2006-01"))
	if w.Mail.attaches() {
		var b bytes.Buffer
		if err := r.PDF(&b); err != nil {
			return err
		}
		l.file, l.data = FileName(report.Order{Kind: report.Kind(d.Report), UnitID: d.UnitID, Lang: r.Lang})+"-"+r.Month.Format("2006-01")+".pdf", b.Bytes()
	}
	d.MessageID = l.id
	return m.send(ctx, l)
}
