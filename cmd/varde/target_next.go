package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"varde/internal/fault"
	"varde/internal/store"
	"varde/internal/target"
)

// obstacle says why a draft can never be approved as it is, in words that end a sentence; "" where somebody can approve it.
func obstacle(ctx context.Context, s *store.Store, d *target.Desk, st *target.Standing) (string, error) {
	if st.State != target.Draft {
		return "", nil
	}
	approver := accountName(st.Spec.Authority.Approver)
	versions, err := d.Versions(ctx, st.ID)
	if err != nil {
		return "", err
	}
	for i, v := range versions {
		if i > 0 && v.Approval != nil {
			break
		}
		if accountName(v.Author) == approver {
			return fmt.Sprintf("authority.approver is %s, who drafted version %d and cannot approve it", printable(approver), v.Number), nil
		}
	}
	if _, err := s.User(ctx, approver); errors.Is(err, fault.ErrNotFound) {
		return fmt.Sprintf("authority.approver is %s, and there is no account of that name", printable(approver)), nil
	} else if err != nil {
		return "", err
	}
	return "", nil
}

// accountName is how names of accounts are compared.
func accountName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// furtherLine is a target as results for programs have it, with what must change where its next step cannot work as it is.
func (a *app) furtherLine(ctx context.Context, s *store.Store, d *target.Desk, st *target.Standing) (l standingLine, hindered string, err error) {
	l = a.standingLine(st)
	if hindered, err = obstacle(ctx, s, d, st); err != nil || hindered == "" {
		return l, hindered, err
	}
	l.Next = hindered + "; name another approver in its file and add it again, which " + a.command("target print "+st.ID) + " prints"
	if strings.HasSuffix(hindered, "no account of that name") {
		l.Next = hindered + "; make it with " + a.command("user add "+shellWord(accountName(st.Spec.Authority.Approver))) + ", or name another approver and add the file again"
	}
	return l, hindered, nil
}
