// Command bench-report measures reports on paper beside a browser that prints
// the same HTML, in the same run: the time of one statement of two pages with
// two charts, the time and memory of a batch on two cores, and Chromium's
// throughput and memory, cold and warm. It prints `name value bar ok|short`.
//
// The company is generated; a statement is made from its run as a reader would
// get it, queries and all. One statement is measured in processor time of the
// whole process, which is what it takes on one core and does not depend on what
// else the machine does; batch and browser are measured by the clock.
//
// Memory is the most that was resident while pages were made, the mapped pages
// of programs and fonts with it, on both sides: of the batch's one process as
// the kernel keeps it (VmHWM, of a program that was copied as an installed one
// is), of the browser's processes together, shared pages counted once, as
// read some twenty times a second.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// The bars of the issue.
const (
	barOne        = 120.0 // ms, one statement, warm, on one core
	barBatch      = 180.0 // seconds for 2,000 statements on two cores
	barMemory     = 600.0 // MB of the process that makes them
	barThroughput = 4.0   // times the statements of a warm Chromium
	barShare      = 1. / 3
)

// watchEvery is the pause between two looks at the browser's memory.
const watchEvery = 25 * time.Millisecond

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", "", "workspace with a run (default: a generated one)")
	n := flag.Int("n", 2000, "statements of the batch")
	child := flag.Bool("batch", false, "make the batch: the measured process itself")
	profile := flag.String("profile", "", "file for a processor profile of the statements made one by one")
	flag.Parse()
	if err := run(*dir, *n, *child, *profile); err != nil {
		log.Fatal(err)
	}
}

func run(dir string, n int, child bool, profile string) error {
	ctx := context.Background()
	if child {
		if err := batch(ctx, dir, n); err != nil {
			return err
		}
		most, err := mostResident()
		fmt.Println(most)
		return err
	}
	if dir == "" {
		made, err := os.MkdirTemp("", "levelfield-bench-report-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		if err := generate(ctx, made); err != nil {
			return err
		}
		dir = made
	}
	one, html, err := warm(ctx, dir, profile)
	if err != nil {
		return err
	}
	line("one statement warm, ms", one, barOne, one <= barOne)
	seconds, work, memory, err := measured(dir, n)
	if err != nil {
		return err
	}
	fmt.Printf("%-44s %10.1f\n", "processor time of a statement in it, ms", work*1000/float64(n))
	full := seconds * 2000 / float64(n)
	line("2,000 statements on two cores, s", full, barBatch, full <= barBatch)
	line("memory of the batch, MB", memory, barMemory, memory <= barMemory)
	cold, hot, browser, err := chromium(ctx, html)
	if err != nil {
		return err
	}
	fmt.Printf("%-44s %10.1f\n%-44s %10.1f\n%-44s %10.1f\n", "Chromium cold, ms", cold, "Chromium warm, ms", hot, "Chromium memory, MB", browser)
	times := hot / 1000 / (seconds / float64(n))
	line("statements for one of a warm Chromium", times, barThroughput, times >= barThroughput)
	line("memory as a share of Chromium's", memory/browser, barShare, memory/browser <= barShare)
	return nil
}

func line(name string, value, bar float64, ok bool) {
	verdict := "short"
	if ok {
		verdict = "ok"
	}
	fmt.Printf("%-44s %10.2f %10.2f %s\n", name, value, bar, verdict)
}

// generate makes the sample company with a run.
func generate(ctx context.Context, dir string) error {
	if err := sample.Generate(dir, sample.Config{}); err != nil {
		return err
	}
	if _, err := ingest.Load(ctx, ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{}); err != nil {
		return err
	}
	plan, err := analytics.LoadPlan(dir)
	if err != nil {
		return err
	}
	_, err = analytics.Build(ctx, analytics.Options{Workspace: dir, Company: "Bench", Currency: "CNY", Lang: "zh-CN", CodeVersion: "bench", Plan: plan})
	return err
}

// people lists who has a statement.
func people(ctx context.Context, run *analytics.Run) ([]analytics.Unit, error) {
	all, err := run.Units(ctx, analytics.All(), "rep", "", run.Meta.LastMonth)
	return slices.DeleteFunc(all, func(u analytics.Unit) bool { return u.NPeople == 0 }), err
}

func statement(ctx context.Context, p *report.Press, run *analytics.Run, u analytics.Unit) (*report.Report, []byte, error) {
	r, err := p.Make(ctx, run, report.Order{Kind: report.ForPerson, UnitID: u.ID, Reader: u.Name, Month: run.Meta.LastMonth, Lang: i18n.ZhCN}, time.Now())
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	err = r.PDF(&b)
	return r, b.Bytes(), err
}

// warm measures statements made one by one, after a few that warm up.
func warm(ctx context.Context, dir, profile string) (ms float64, html []byte, err error) {
	runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(runtime.NumCPU())
	run, err := analytics.OpenCurrent(dir)
	if err != nil {
		return 0, nil, err
	}
	defer run.Close()
	press, err := report.NewPress()
	if err != nil {
		return 0, nil, err
	}
	units, err := people(ctx, run)
	if err != nil {
		return 0, nil, err
	}
	const first, last = 10, 60
	var start time.Duration
	for i := range last {
		if i == first {
			if profile != "" {
				f, err := os.Create(profile)
				if err != nil {
					return 0, nil, err
				}
				defer f.Close()
				if err := pprof.StartCPUProfile(f); err != nil {
					return 0, nil, err
				}
				defer pprof.StopCPUProfile()
			}
			if start, err = processorTime(); err != nil {
				return 0, nil, err
			}
		}
		r, _, err := statement(ctx, press, run, units[i%len(units)])
		if err != nil {
			return 0, nil, err
		}
		if html == nil {
			var b bytes.Buffer
			if err := r.HTML(&b); err != nil {
				return 0, nil, err
			}
			html = b.Bytes()
		}
	}
	end, err := processorTime()
	return float64((end - start).Microseconds()) / 1000 / (last - first), html, err
}

// processorTime is what this process used so far.
func processorTime() (time.Duration, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}

// measured runs the batch in a process of its own: seconds by the clock and of
// the processors, and its memory.
func measured(dir string, n int) (seconds, work, megabytes float64, err error) {
	program, err := installed()
	if err != nil {
		return 0, 0, 0, err
	}
	defer os.Remove(program)
	cmd := exec.Command(program, "-batch", "-dir", dir, "-n", strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return 0, 0, 0, fmt.Errorf("batch: %w", err)
	}
	seconds = time.Since(start).Seconds()
	work = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	megabytes, err = strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	return seconds, work, megabytes, err
}

// installed returns a copy of this program, as an installed one is: what a
// linker has just written lies in the system's memory in larger pieces, of which
// a process maps a quarter more than of a file that was copied or read from disk.
func installed() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	self, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer self.Close()
	program, err := os.CreateTemp("", "levelfield-bench-report-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(program, self)
	return program.Name(), errors.Join(err, program.Chmod(0o700), program.Close())
}

// mostResident is the most memory that this process had at once, in MB. The
// usage that a parent reads (ru_maxrss) is no less than the parent's own.
func mostResident() (float64, error) {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for l := range strings.SplitSeq(string(data), "\n") {
		if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("the memory of a process is not known on this system")
}

// batch makes n statements on two cores; people come again where there are fewer.
func batch(ctx context.Context, dir string, n int) error {
	runtime.GOMAXPROCS(2)
	debug.SetGCPercent(report.BatchGC) // as the command does
	run, err := analytics.OpenCurrent(dir)
	if err != nil {
		return err
	}
	defer run.Close()
	press, err := report.NewPress()
	if err != nil {
		return err
	}
	units, err := people(ctx, run)
	if err != nil {
		return err
	}
	var next atomic.Int64
	var group sync.WaitGroup
	failures := make([]error, 2)
	for i := range failures {
		group.Go(func() {
			for at := next.Add(1) - 1; at < int64(n); at = next.Add(1) - 1 {
				if _, _, err := statement(ctx, press, run, units[int(at)%len(units)]); err != nil {
					failures[i] = err
					return
				}
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

// chromium prints the HTML once after its start and then warm, and then again
// while the memory of its processes is added up.
func chromium(ctx context.Context, html []byte) (cold, hot, megabytes float64, err error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return 0, 0, 0, errors.New("no Chromium on this machine to compare with; install the package chromium")
	}
	dir, err := os.MkdirTemp("", "levelfield-chromium-*")
	if err != nil {
		return 0, 0, 0, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "statement.html")
	if err := os.WriteFile(file, html, 0o644); err != nil {
		return 0, 0, 0, err
	}
	start := time.Now()
	ctx, stop := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.UserDataDir(filepath.Join(dir, "profile")))
	defer stop()
	ctx, end := chromedp.NewContext(ctx)
	defer end()
	yes := true
	print := func() error {
		if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
		return err
	}
	var times []float64
	for i := range 13 {
		if i > 0 {
			start = time.Now()
		}
		if err := print(); err != nil {
			return 0, 0, 0, err
		}
		took := float64(time.Since(start).Microseconds()) / 1000
		if i == 0 {
			cold = took
		}
		if i > 2 {
			times = append(times, took)
		}
	}
	slices.Sort(times)
	hot = times[len(times)/2]
	// its memory rises and falls with every page: it is read often, while prints
	// go on that are not timed
	most, done := 0.0, make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(watchEvery):
				most = max(most, treeMemory(os.Getpid()))
			}
		}
	})
	for range 40 {
		if err = print(); err != nil {
			break
		}
	}
	close(done)
	watching.Wait()
	return cold, hot, most, err
}

// treeMemory adds up the memory, shared pages by their share, of all processes
// below one, in MB.
func treeMemory(root int) float64 {
	parents := map[int]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest)
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if len(fields) > 1 {
			parents[pid], _ = strconv.Atoi(fields[1])
		}
	}
	total := 0.0
	for pid := range parents {
		for at := parents[pid]; at > 0; at = parents[at] {
			if at != root {
				continue
			}
			data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
			for l := range strings.SplitSeq(string(data), "\n") {
				if rest, ok := strings.CutPrefix(l, "Pss:"); ok {
					kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
					total += kb / 1024
				}
			}
			break
		}
	}
	return total
}
