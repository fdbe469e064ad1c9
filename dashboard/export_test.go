package dashboard

import (
	"strconv"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
)

// RouteOf is one route of the router, for tests.
type RouteOf struct{ Method, Path, Page string }

// RoutesOf lists the routes from the router itself, so that no page can be
// forgotten.
func RoutesOf(s *Server) []RouteOf {
	router, err := s.routes()
	if err != nil {
		panic(err)
	}
	var all []RouteOf
	for _, r := range router.Routes() {
		route := RouteOf{Method: r.Method, Path: r.Path}
		for _, p := range pages {
			if p.path == r.Path {
				route.Page = p.id
			}
		}
		all = append(all, route)
	}
	return all
}

// FormOf is one form and the action that it needs, for tests.
type FormOf struct {
	Path   string
	Action auth.Action
}

// FormsOf lists what readers can do.
func FormsOf() []FormOf {
	var all []FormOf
	for _, f := range forms {
		all = append(all, FormOf{f.path, f.may})
	}
	return all
}

// KeepSimulation puts the result of a simulation of other targets where the
// page looks for it, as if it had been asked for before.
func KeepSimulation(s *Server, targets string, months int, result *analytics.Simulation) {
	run, release, err := s.Runs.Acquire()
	if err != nil {
		panic(err)
	}
	defer release()
	key := strings.Join([]string{run.ID, "", targets, "", strconv.Itoa(months)}, "\x00")
	s.simulations.mu.Lock()
	defer s.simulations.mu.Unlock()
	s.simulations.done = map[string]*simulated{key: {result: result, ready: true}}
}
