package dashboard

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
