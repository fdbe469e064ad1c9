package mapping

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/source"
)

// rowsOf maps a file and writes each canonical row after its entity's name.
func rowsOf(t *testing.T, file string, files []*File) []string {
	t.Helper()
	opened, err := Open(file, files, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range opened {
		if o.File == nil {
			out = append(out, "no mapping")
			continue
		}
		out = append(out, o.File.Name)
		plan, err := o.File.Compile(o.Table)
		if err != nil {
			t.Fatal(err)
		}
		for i := range plan.Blocks {
			block := &plan.Blocks[i]
			e := block.Evaluator()
			for row, err := range o.Table.Rows() {
				if err != nil {
					t.Fatal(err)
				}
				if row.Skip != "" || row.Err != "" {
					out = append(out, strings.TrimSpace("skipped "+row.Skip+row.Err))
					continue
				}
				leftOut := e.Row(row.Number, row.Cells, func(values []Value, problems []Problem) {
					out = append(out, block.Entity.Name+": "+written(block, values, problems))
				})
				if leftOut != "" {
					out = append(out, block.Entity.Name+": left out: "+leftOut)
				}
			}
		}
	}
	return out
}

func TestThePresetsMapFilesWithTheHeadersOfTheirPrograms(t *testing.T) {
	tests := []struct {
		file string
		want []string
	}{
		{"salesforce_report.csv", []string{
			"salesforce-report",
			"deal: deal_id=Acme/Acme 500 seats/2026-01-14 rep_id=Ann Lee customer_id=Acme name=Acme 500 seats stage=Closed Won outcome=won amount=125000000 created_on=20467 closed_on=20487 source=Web",
			"deal: deal_id=Borealis/Borealis pilot/2026-01-10 rep_id=Bob Ray customer_id=Borealis name=Borealis pilot stage=Closed Lost outcome=lost amount=8000000 created_on=20463 closed_on=20494 source=Partner",
			"deal: deal_id=Cobalt/Cobalt renewal/2026-02-01 rep_id=Ann Lee customer_id=Cobalt name=Cobalt renewal stage=Negotiation/Review outcome=open created_on=20485 closed_on=20574",
		}},
		{"salesforce_dataloader.csv", []string{
			"salesforce-opportunity",
			"deal: deal_id=006A rep_id=005A customer_id=001A name=Acme 500 seats stage=Closed Won outcome=won amount=125000000 created_on=20467 closed_on=20487 source=Web",
			"deal: deal_id=006B rep_id=005B customer_id=001B name=Borealis pilot stage=Closed Lost outcome=lost amount=8000000 created_on=20463 closed_on=20494",
			"deal: deal_id=006C rep_id=005A customer_id=001C name=Cobalt renewal stage=Qualification outcome=open created_on=20485 closed_on=20574",
			"deal: left out: where",
		}},
		{"hubspot_deals.csv", []string{
			"hubspot-deal",
			"deal: deal_id=9001 rep_id=Ann Lee customer_id=501 name=Acme seats stage=Closed won (Sales Pipeline) outcome=won amount=125000000 created_on=20467 closed_on=20487 source=Direct Traffic",
			"deal: deal_id=9002 rep_id=Bob Ray customer_id=502 name=Borealis pilot stage=Closed lost (Sales Pipeline) outcome=lost amount=8000000 created_on=20463 closed_on=20494 loss_reason=Price",
			"deal: deal_id=9003 rep_id=Ann Lee customer_id=503 name=Cobalt stage=Appointment scheduled (Sales Pipeline) outcome=open created_on=20485",
		}},
		{"hubspot_companies.csv", []string{
			"hubspot-company",
			"customer: customer_id=501 name=Acme region_id=Norway rep_id=Ann Lee segment=SOFTWARE opened_on=20209",
			"customer: customer_id=502 name=Borealis region_id=Finland opened_on=20240",
		}},
		{"hubspot_owners.csv", []string{
			"hubspot-owner",
			"rep: rep_id=77 name=Ann Lee team_id=North",
			"rep: rep_id=78 name=Bob Ray team_id=South",
			"rep_alias: system=hubspot alias=1077 rep_id=77",
			"rep_alias: left out: where",
		}},
		{"quickbooks_sales.csv", []string{
			"quickbooks-sales-detail",
			"order_line: order_id=1001 line_id=Invoice/Design/2/150.00 ordered_on=20468 customer_id=Acme product_id=Design quantity=2000000 unit_price=150000000 amount=3000000",
			"order_line: order_id=1001 line_id=Invoice/Hosting/12/10.00 ordered_on=20468 customer_id=Acme product_id=Hosting quantity=12000000 unit_price=10000000 amount=1200000",
			"order_line: order_id=1002 line_id=Credit Memo/Design/-1/150.00 ordered_on=20487 customer_id=Acme product_id=Design quantity=-1000000 unit_price=150000000 amount=-1500000",
		}},
		{"xero_invoices.csv", []string{
			"xero-invoice",
			"order_line: order_id=INV-001 line_id=200/T-shirt/10/45.00 ordered_on=20468 rep_id=Ann Lee customer_id=Acme product_id=TEE region_id=North invoice_id=INV-001 due_on=20484 quantity=10000000 unit_price=45000000 amount=4500000 currency=NZD",
			"order_line: left out: where",
			"order_line: left out: where",
			"return: left out: where",
			"return: left out: where",
			"return: return_id=CN-001/200/T-shirt/1 order_id=INV-001 returned_on=20478 quantity=1000000 amount=450000",
		}},
		{"xero_payments.csv", []string{
			"xero-payment",
			"payment: payment_id=p-1 invoice_id=INV-001 customer_id=Acme paid_on=20485 amount=4950000 currency=NZD",
			"payment: left out: where",
			"payment: left out: where",
		}},
		{"xero_bank.csv", []string{
			"xero-bank",
			"expense: expense_id=2026-02-01/-64.20/Cab Co/Taxi to Acme/R1 spent_on=20485 kind=493 amount=642000 note=Taxi to Acme",
			"expense: left out: where",
			"payment: left out: where",
			"payment: payment_id=2026-02-02/495.00/Acme//INV-001 invoice_id=INV-001 customer_id=Acme paid_on=20486 amount=4950000",
		}},
		{"xero_claims.csv", []string{
			"xero-expense-claim",
			"expense: expense_id=R-1 rep_id=Ann Lee spent_on=20485 kind=493 - Travel amount=642000 currency=NZD note=Taxi",
			"expense: left out: where",
		}},
		{"sap_vbap.csv", []string{
			"sap-vbap",
			"order_line: order_id=0000004711 line_id=000010 ordered_on=20468 product_id=M-1 region_id=1000 quantity=3000000 unit_price=100000000 amount=3000000 cost_amount=2100000 currency=EUR",
			"order_line: left out: where",
		}},
		{"sap_bsad.csv", []string{
			"sap-bsad",
			"payment: payment_id=1000/2026/1800000001/001 invoice_id=0090000001 customer_id=0000010001 paid_on=20504 amount=3500000 currency=EUR",
			"payment: left out: where",
			`payment: refused AUGDT "00000000": is empty`,
		}},
		{"sap_bkpf.csv", []string{
			"sap-bkpf",
			"fx_rate: left out: where",
			"fx_rate: currency=USD period_on=20469 rate=800000",
			"fx_rate: currency=GBP period_on=20470 rate=1250000",
		}},
		{"kingdee_outstock.csv", []string{
			"kingdee-sales-outstock",
			"order_line: order_id=XSCKD000001 line_id=WL001/A1/1,000 ordered_on=20468 rep_id=张三 customer_id=上海某商贸 product_id=WL001 region_id=华东 quantity=1000000000 unit_price=12500000 amount=125000000 cost_amount=90000000 currency=CNY",
			"order_line: left out: where",
			"skipped total",
		}},
		{"kingdee_order.csv", []string{
			"kingdee-sales-order",
			"order_line: order_id=XSDD000001 line_id=WL001/1000 ordered_on=20463 rep_id=张三 customer_id=上海某商贸 product_id=WL001 quantity=1000000000 unit_price=12500000 amount=125000000 currency=CNY",
		}},
		{"kingdee_receipt.csv", []string{
			"kingdee-receipt",
			"payment: payment_id=SKD00001/XSDD000001 order_id=XSDD000001 customer_id=上海某商贸 paid_on=20485 amount=100000000 currency=CNY",
			"payment: payment_id=SKD00001/XSDD000002 order_id=XSDD000002 customer_id=上海某商贸 paid_on=20485 amount=25000000 currency=CNY",
		}},
		{"kingdee_customer.csv", []string{
			"kingdee-customer",
			"customer: customer_id=CUST0001 name=上海某商贸 region_id=华东 rep_id=张三 segment=普通销售客户 channel=经销商 opened_on=19783",
		}},
		{"kingdee_expense.csv", []string{
			"kingdee-expense",
			"expense: expense_id=FYBX0001/差旅费/680.50 rep_id=张三 team_id=华东销售部 spent_on=20473 kind=差旅费 is_visit=1 amount=6805000 currency=CNY note=拜访客户",
			"expense: expense_id=FYBX0001/业务招待费/300 rep_id=张三 team_id=华东销售部 spent_on=20473 kind=业务招待费 is_visit=0 amount=3000000 currency=CNY note=请客户",
		}},
		{"yonyou_delivery.csv", []string{
			"yonyou-delivery",
			"order_line: order_id=SO0001 line_id=0000000101/1 ordered_on=20468 rep_id=张三 customer_id=C001 product_id=01001 region_id=华东 quantity=100000000 unit_price=11300000 amount=11300000",
			"order_line: order_id=0000000102 line_id=0000000102/1 ordered_on=20469 rep_id=张三 customer_id=C001 product_id=01001 region_id=华东 quantity=-10000000 unit_price=11300000 amount=-1130000",
		}},
		{"yonyou_invoice.csv", []string{
			"yonyou-invoice",
			"order_line: order_id=SO0001 line_id=00000201/01001/100 ordered_on=20473 rep_id=张三 customer_id=C001 product_id=01001 region_id=华东 invoice_id=00000201 due_on=20503 quantity=100000000 unit_price=11300000 amount=11300000 currency=CNY",
		}},
		{"yonyou_receipt.csv", []string{
			"yonyou-receipt",
			"payment: payment_id=0000000301 order_id=SO0001 customer_id=C001 paid_on=20494 amount=11300000",
		}},
		{"yonyou_customer.csv", []string{
			"yonyou-customer",
			"customer: customer_id=C001 name=上海某商贸有限公司 region_id=上海 rep_id=张三 segment=经销商 opened_on=19783",
		}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			got := rowsOf(t, filepath.Join("testdata", "presets", test.file), nil)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}
