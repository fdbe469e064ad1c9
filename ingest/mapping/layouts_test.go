package mapping

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestThePresetsMapThePublicLayouts(t *testing.T) {
	tests := []struct {
		file string
		want []string
	}{
		{"salesforce/sf_opportunity_data.csv", []string{"salesforce-opportunity", "deal: 0 loaded, 10 left out"}},
		{"salesforce/sf_account_data.csv", []string{"salesforce-account", "customer: 1 loaded, 9 left out"}},
		{"salesforce/sf_user_data.csv", []string{"salesforce-user", "rep: 10 loaded"}},
		{"salesforce/sf_event_data.csv", []string{"salesforce-event", "visit: 10 loaded"}},
		{"salesforce/sf_task_data.csv", []string{"salesforce-task", "activity: 10 loaded"}},
		{"salesforce/sf_order_data.csv", []string{"salesforce-order", "order_line: 10 loaded, amount 54800.60", "return: 0 loaded, 10 left out"}},
		{"salesforce/sf_user_role_data.csv", []string{"none for sf_user_role_data.csv "}},
		{"quickbooks/invoice_data.csv", []string{"quickbooks-invoice", "order_line: 5 loaded, 11 left out, amount 624544.00"}},
		{"quickbooks/invoice_line_data.csv", []string{"none for invoice_line_data.csv "}},
		{"quickbooks/credit_memo_data.csv", []string{"quickbooks-credit-memo", "return: 12 loaded, amount 622440.00"}},
		{"quickbooks/payment_data.csv", []string{"quickbooks-payment", "payment: 12 loaded, amount 166553.72"}},
		{"quickbooks/purchase_data.csv", []string{"quickbooks-purchase", "expense: 2 loaded, 10 refused [total_amount: is empty: 10] [transaction_date: is empty: 9], amount 250.00"}},
		{"quickbooks/customer_data.csv", []string{"quickbooks-customer", "customer: 4 loaded, 1 left out"}},
		{"quickbooks/department_data.csv", []string{"none for department_data.csv "}},
		{"quickbooks/payment_line_data.csv", []string{"none for payment_line_data.csv "}},
		{"quickbooks/purchase_line_data.csv", []string{"none for purchase_line_data.csv "}},
		{"sap/sap_vbak_data.csv", []string{"sap-vbak", "deal: 2 loaded, amount 15000.00"}},
		{"sap/sap_vbap_data.csv", []string{"sap-vbap", "order_line: 0 loaded, 1 left out"}},
		{"sap/sap_kna1_data.csv", []string{"sap-kna1", "customer: 3 loaded"}},
		{"sap/sap_bsad_bck_data.csv", []string{"sap-bsad", `payment: 0 loaded, 2 refused [dmbtr: num: "0b1c2d3e": not a number: 1] [dmbtr: num: "5c6d7e8f": not a number: 1]`}},
		{"sap/sap_bkpf_data.csv", []string{"sap-bkpf", "fx_rate: 0 loaded, 3 left out"}},
	}
	dir := sample(t, "crm_erp_layouts")
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			used, out, _ := through(t, filepath.Join(dir, test.file), nil)
			if diff := cmp.Diff(test.want, summary(used, out)); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}
