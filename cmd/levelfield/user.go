package main

import (
	"bufio"
	"context"
	"fmt"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// operator is the name under which the log holds what the command line did.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username + " (command line)"
	}
	return "command line"
}

// withAccounts opens the store of the workspace for one command.
func (a *app) withAccounts(ctx context.Context, do func(auth.Accounts) error) error {
	if _, err := a.readConfig(); err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return do(auth.Accounts{Store: s})
}

func (a *app) userCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "Manage who may sign in: add, list, role, password, disable",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, sub := range []*cobra.Command{a.userAdd(), a.userList(), a.userRole(), a.userPassword(), a.userDisable()} {
		sub.Args = usageArgs(sub.Args)
		c.AddCommand(sub)
	}
	return c
}

// unitFlags are the units of an account.
type unitFlags struct {
	rep            string
	regions, teams []string
}

func (u *unitFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&u.rep, "rep", "", "id of the person in the data (role rep)")
	c.Flags().StringSliceVar(&u.regions, "region", nil, "ids of regions (role manager)")
	c.Flags().StringSliceVar(&u.teams, "team", nil, "ids of teams (role manager)")
}

func knownRole(role string) error {
	if auth.IsRole(role) {
		return nil
	}
	var names []string
	for _, r := range auth.Roles {
		names = append(names, string(r))
	}
	return usageError{fmt.Errorf("role %q: unknown; use %s", role, strings.Join(names, ", "))}
}

func (a *app) userAdd() *cobra.Command {
	var units unitFlags
	var role, title string
	var isTyped bool
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Add an account; prints a password that has to be changed at the first sign-in",
		Example: "  levelfield user add wang --role executive --title 王敏\n" +
			"  levelfield user add li --role manager --region R1,R2\n" +
			"  levelfield user add zhang --role rep --rep S001",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := knownRole(role); err != nil {
				return err
			}
			return a.withAccounts(c.Context(), func(accounts auth.Accounts) error {
				password := ""
				if isTyped {
					line, err := bufio.NewReader(a.in).ReadString('\n')
					if line == "" && err != nil {
						return usageError{fmt.Errorf("--password-stdin: no password on standard input")}
					}
					password = strings.TrimRight(line, "\r\n")
				}
				given, err := accounts.Add(c.Context(), operator(), store.Account{
					Name: args[0], Title: title, Role: role, RepID: units.rep, Regions: units.regions, Teams: units.teams,
				}, password)
				if err == nil && given != "" {
					err = a.printPassword(args[0], given)
				}
				return err
			})
		},
	}
	units.add(c)
	c.Flags().StringVar(&role, "role", "", "executive, manager, rep, operations, auditor or admin (required)")
	c.Flags().StringVar(&title, "title", "", "name as shown")
	c.Flags().BoolVar(&isTyped, "password-stdin", false, "read the password from standard input")
	return c
}

func (a *app) printPassword(name, password string) error {
	if a.format == "json" {
		return a.printJSON(map[string]string{"name": name, "password": password})
	}
	_, err := fmt.Fprintf(a.out, "Password of %s, to be changed at the first sign-in: %s\n", name, password)
	return err
}

func (a *app) userList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the accounts",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withAccounts(c.Context(), func(accounts auth.Accounts) error {
				all, err := accounts.Store.Accounts(c.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, u := range all {
					state := "active"
					switch {
					case u.IsDisabled:
						state = "disabled"
					case a.now().Before(u.LockedUntil):
						state = "locked"
					}
					seen := ""
					if !u.SignedInAt.IsZero() {
						seen = u.SignedInAt.Local().Format("2006-01-02 15:04")
					}
					rows = append(rows, []string{u.Name, u.Title, u.Role, u.RepID, strings.Join(u.Regions, " "), strings.Join(u.Teams, " "), state, seen})
				}
				return a.printTable([]string{"name", "title", "role", "rep", "regions", "teams", "state", "signed_in"}, rows)
			})
		},
	}
}

func (a *app) userRole() *cobra.Command {
	var units unitFlags
	c := &cobra.Command{
		Use:   "role NAME ROLE",
		Short: "Give an account a role and its units; its open sessions end",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := knownRole(args[1]); err != nil {
				return err
			}
			return a.withAccounts(c.Context(), func(accounts auth.Accounts) error {
				return accounts.SetRole(c.Context(), operator(), args[0], auth.Role(args[1]), units.rep, units.regions, units.teams)
			})
		},
	}
	units.add(c)
	return c
}

func (a *app) userPassword() *cobra.Command {
	return &cobra.Command{
		Use:   "password NAME",
		Short: "Make a new password and unlock the account; its open sessions end",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withAccounts(c.Context(), func(accounts auth.Accounts) error {
				given, err := accounts.ResetPassword(c.Context(), operator(), args[0])
				if err != nil {
					return err
				}
				return a.printPassword(args[0], given)
			})
		},
	}
}

func (a *app) userDisable() *cobra.Command {
	var isBack bool
	c := &cobra.Command{
		Use:   "disable NAME",
		Short: "Keep an account from signing in; its open sessions end",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withAccounts(c.Context(), func(accounts auth.Accounts) error {
				return accounts.Disable(c.Context(), operator(), args[0], !isBack)
			})
		},
	}
	c.Flags().BoolVar(&isBack, "undo", false, "let the account sign in again")
	return c
}
