package table

// All lists the canonical entities in the order `levelfield entities` prints them.
var All = []*Entity{
	entity("rep", "Salesperson", "销售人员", Rep{}),
	entity("rep_alias", "Other id of a salesperson", "人员别名", RepAlias{}),
	entity("team", "Team", "团队", Team{}),
	entity("region", "Region", "区域", Region{}),
	entity("assignment", "Assignment of a salesperson", "人员归属", Assignment{}),
	entity("customer", "Customer", "客户", Customer{}),
	entity("product", "Product", "产品", Product{}),
	entity("deal", "Deal", "商机", Deal{}),
	entity("visit", "Visit", "拜访", Visit{}),
	entity("complaint", "Complaint", "投诉", Complaint{}),
	entity("survey", "Customer survey", "满意度调查", Survey{}),
	entity("training", "Customer training", "客户培训", Training{}),
	entity("feedback", "Information-exchange form", "信息沟通反馈表", Feedback{}),
	entity("activity", "Report or meeting", "日报与晨会", Activity{}),
	entity("order_line", "Order line", "销售订单行", OrderLine{}),
	entity("return", "Return", "退货", Return{}),
	entity("payment", "Payment", "回款", Payment{}),
	entity("expense", "Expense", "费用", Expense{}),
	entity("target", "Target", "目标", Target{}),
	entity("price_list", "Price list", "价目表", PriceList{}),
	entity("fx_rate", "Exchange rate", "汇率", FxRate{}),
	entity("market", "Market", "市场数据", Market{}),
	entity("rating", "Rating", "评分", Rating{}),
	entity("innovation", "Innovation", "创新建议", Innovation{}),
	entity("workday", "Calendar exception", "工作日历", Workday{}),
	entity("promotion_task", "Promotion task", "促销任务", PromotionTask{}),
}

// Rep is one row of rep.
type Rep struct {
	RepID       string `parquet:"rep_id,dict" lf:"key" en:"Rep id|Employee id|EmployeeID|Rep" zh:"工号|人员编号|业务员编号"`
	Name        string `parquet:"name,dict" lf:"required" en:"Name|Rep name|Sales rep|Sales agent|Salesperson" zh:"姓名|业务员|销售人员"`
	TeamID      string `parquet:"team_id,optional,dict" lf:"ref=team" en:"Team|Team id" zh:"团队|团队编号|小组"`
	RegionID    string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region|Region id|Regional office" zh:"区域|大区|地区"`
	ManagerID   string `parquet:"manager_id,optional,dict" lf:"ref=rep" en:"Manager|Manager id" zh:"经理|上级|地区经理"`
	Channel     string `parquet:"channel,optional,dict" en:"Channel" zh:"渠道"`
	Role        string `parquet:"role,optional,dict" en:"Role" zh:"岗位|角色"`
	HiredOn     int32  `parquet:"hired_on,optional,date" en:"Hired|Hire date" zh:"入职日期"`
	LeftOn      int32  `parquet:"left_on,optional,date" en:"Left|Leave date" zh:"离职日期"`
	GroupGender string `parquet:"group_gender,optional,dict" en:"Gender" zh:"性别"`
	GroupAge    string `parquet:"group_age,optional,dict" en:"Age band" zh:"年龄段"`
	Origin
}

// RepAlias is one row of rep_alias.
type RepAlias struct {
	System string `parquet:"system,dict" lf:"key" en:"System" zh:"系统"`
	Alias  string `parquet:"alias,dict" lf:"key" en:"Alias|Other id" zh:"别名|外部编号"`
	RepID  string `parquet:"rep_id,dict" lf:"required ref=rep" en:"Rep id" zh:"工号"`
	Origin
}

// Team is one row of team.
type Team struct {
	TeamID    string `parquet:"team_id,dict" lf:"key" en:"Team id|Team" zh:"团队编号|团队"`
	Name      string `parquet:"name,dict" lf:"required" en:"Team name" zh:"团队名称"`
	RegionID  string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region" zh:"区域"`
	ManagerID string `parquet:"manager_id,optional,dict" lf:"ref=rep" en:"Manager" zh:"经理|主管"`
	Origin
}

// Region is one row of region.
type Region struct {
	RegionID  string `parquet:"region_id,dict" lf:"key" en:"Region id|Region" zh:"区域编号|区域"`
	Name      string `parquet:"name,dict" lf:"required" en:"Region name" zh:"区域名称"`
	ParentID  string `parquet:"parent_id,optional,dict" lf:"ref=region" en:"Parent region" zh:"上级区域"`
	ManagerID string `parquet:"manager_id,optional,dict" lf:"ref=rep" en:"Manager" zh:"区域经理"`
	Origin
}

// Assignment is one row of assignment.
type Assignment struct {
	RepID    string `parquet:"rep_id,dict" lf:"key ref=rep" en:"Rep id" zh:"工号"`
	FromOn   int32  `parquet:"from_on,date" lf:"key" en:"From|Start" zh:"开始日期|生效日期"`
	ToOn     int32  `parquet:"to_on,optional,date" en:"To|End" zh:"结束日期|失效日期"`
	RegionID string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region" zh:"区域"`
	TeamID   string `parquet:"team_id,optional,dict" lf:"ref=team" en:"Team" zh:"团队"`
	Origin
}

// Customer is one row of customer.
type Customer struct {
	CustomerID string `parquet:"customer_id,dict" lf:"key" en:"Customer id|Account id|Customer" zh:"客户编号|客户代码|客户"`
	Name       string `parquet:"name,dict" lf:"required" en:"Customer name|Account|Account name" zh:"客户名称|客户"`
	RegionID   string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region" zh:"区域"`
	RepID      string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Owner|Account owner" zh:"负责人|业务员"`
	Segment    string `parquet:"segment,optional,dict" en:"Segment|Industry|Sector" zh:"行业|客户类型|细分"`
	Channel    string `parquet:"channel,optional,dict" en:"Channel" zh:"渠道"`
	IsOutlet   *bool  `parquet:"is_outlet,optional" en:"Outlet" zh:"终端"`
	OpenedOn   int32  `parquet:"opened_on,optional,date" en:"Opened|Created" zh:"开户日期|建档日期"`
	ClosedOn   int32  `parquet:"closed_on,optional,date" en:"Closed" zh:"关店日期"`
	Latitude   *int64 `parquet:"latitude,optional,decimal(6:18)" en:"Latitude" zh:"纬度"`
	Longitude  *int64 `parquet:"longitude,optional,decimal(6:18)" en:"Longitude" zh:"经度"`
	Origin
}

// Product is one row of product.
type Product struct {
	ProductID    string `parquet:"product_id,dict" lf:"key" en:"Product id|Product|SKU" zh:"产品编号|产品编码|产品"`
	Name         string `parquet:"name,dict" lf:"required" en:"Product name" zh:"产品名称"`
	Line         string `parquet:"line,optional,dict" en:"Product line|Series|Category" zh:"产品线|类别|系列"`
	ListPrice    *int64 `parquet:"list_price,optional,decimal(4:18)" unit:"money" en:"List price|Sales price" zh:"标准价|零售价"`
	StandardCost *int64 `parquet:"standard_cost,optional,decimal(4:18)" unit:"money" en:"Standard cost" zh:"标准成本"`
	Origin
}

// Deal is one row of deal.
type Deal struct {
	DealID       string `parquet:"deal_id" lf:"key" en:"Deal id|Opportunity id|Opportunity" zh:"商机编号|机会编号"`
	RepID        string `parquet:"rep_id,dict" lf:"required ref=rep" en:"Owner|Rep|Sales agent" zh:"负责人|业务员"`
	CustomerID   string `parquet:"customer_id,optional,dict" lf:"ref=customer" en:"Account|Customer" zh:"客户|客户编号"`
	ProductID    string `parquet:"product_id,optional,dict" lf:"ref=product" en:"Product" zh:"产品"`
	Name         string `parquet:"name,optional,dict" en:"Deal name|Opportunity name" zh:"商机名称"`
	Stage        string `parquet:"stage,optional,dict" en:"Stage|Deal stage" zh:"阶段|商机阶段"`
	Outcome      string `parquet:"outcome,dict" lf:"required" en:"Outcome|Status" zh:"结果|状态"`
	Amount       *int64 `parquet:"amount,optional,decimal(4:18)" unit:"money" en:"Amount|Value|Close value" zh:"金额|预计金额"`
	DiscountRate *int64 `parquet:"discount_rate,optional,decimal(6:18)" unit:"share" en:"Discount" zh:"折扣率"`
	CreatedOn    int32  `parquet:"created_on,optional,date" en:"Created|Engage date|Created date" zh:"创建日期"`
	ClosedOn     int32  `parquet:"closed_on,optional,date" lf:"month" en:"Closed|Close date" zh:"关闭日期|结单日期"`
	Competitor   string `parquet:"competitor,optional,dict" en:"Competitor" zh:"竞争对手"`
	LossReason   string `parquet:"loss_reason,optional,dict" en:"Loss reason" zh:"丢单原因"`
	Source       string `parquet:"source,optional,dict" en:"Lead source" zh:"线索来源"`
	HelperRepID  string `parquet:"helper_rep_id,optional,dict" lf:"ref=rep" en:"Helped by" zh:"协助人"`
	Origin
}

// Visit is one row of visit.
type Visit struct {
	VisitID       string `parquet:"visit_id" lf:"key" en:"Visit id" zh:"拜访编号"`
	RepID         string `parquet:"rep_id,dict" lf:"required ref=rep" en:"Rep" zh:"业务员"`
	CustomerID    string `parquet:"customer_id,optional,dict" lf:"ref=customer" en:"Customer" zh:"客户"`
	VisitedAt     int64  `parquet:"visited_at,timestamp(microsecond:local)" lf:"required month" en:"Visited|Date" zh:"拜访时间|日期"`
	Kind          string `parquet:"kind,optional,dict" en:"Type" zh:"类型|拜访类型"`
	Outcome       string `parquet:"outcome,optional,dict" en:"Outcome" zh:"结果|拜访结果"`
	IsSuccess     *bool  `parquet:"is_success,optional" en:"Success|Planned outcome reached" zh:"是否成功|达成目的"`
	Minutes       *int64 `parquet:"minutes,optional" unit:"minutes" en:"Minutes" zh:"时长(分钟)"`
	IsPriceOk     *bool  `parquet:"is_price_ok,optional" en:"Price list followed" zh:"报价合规|价格合规"`
	IsStockOk     *bool  `parquet:"is_stock_ok,optional" en:"Stock checked" zh:"查库存|库存达标"`
	IsPopOk       *bool  `parquet:"is_pop_ok,optional" en:"POP posted" zh:"POP张贴|POP"`
	NItemsChecked *int64 `parquet:"n_items_checked,optional" unit:"items" en:"Items checked" zh:"检查项数"`
	NItemsPassed  *int64 `parquet:"n_items_passed,optional" unit:"items" en:"Items passed" zh:"合格项数"`
	Origin
}

// Complaint is one row of complaint.
type Complaint struct {
	ComplaintID string `parquet:"complaint_id" lf:"key" en:"Complaint id|Ticket #|Ticket" zh:"投诉编号|工单号"`
	CustomerID  string `parquet:"customer_id,optional,dict" lf:"ref=customer" en:"Customer" zh:"客户"`
	RepID       string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Rep" zh:"业务员"`
	RegionID    string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region|State" zh:"区域"`
	OpenedAt    int64  `parquet:"opened_at,timestamp(microsecond:local)" lf:"required month" en:"Opened|Date" zh:"投诉时间|受理时间"`
	RepliedAt   int64  `parquet:"replied_at,optional,timestamp(microsecond:local)" en:"First response" zh:"首次回复时间|回复时间"`
	ResolvedAt  int64  `parquet:"resolved_at,optional,timestamp(microsecond:local)" en:"Resolved" zh:"解决时间"`
	EscalatedAt int64  `parquet:"escalated_at,optional,timestamp(microsecond:local)" en:"Escalated" zh:"上报时间|升级时间"`
	Status      string `parquet:"status,optional,dict" en:"Status" zh:"状态"`
	Subject     string `parquet:"subject,optional,dict" en:"Subject|Customer complaint" zh:"内容|主题"`
	Channel     string `parquet:"channel,optional,dict" en:"Received via|Channel" zh:"渠道"`
	Origin
}

// Survey is one row of survey.
type Survey struct {
	SurveyID   string `parquet:"survey_id" lf:"key" en:"Survey id" zh:"问卷编号"`
	CustomerID string `parquet:"customer_id,dict" lf:"required ref=customer" en:"Customer" zh:"客户"`
	RepID      string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Rep" zh:"业务员"`
	AnsweredOn int32  `parquet:"answered_on,date" lf:"required month" en:"Answered" zh:"填写日期|日期"`
	Score      int64  `parquet:"score,decimal(6:18)" lf:"required" unit:"points" en:"Score" zh:"得分|评分"`
	ScaleLow   *int64 `parquet:"scale_low,optional,decimal(6:18)" unit:"points" en:"Lowest score" zh:"最低分"`
	ScaleHigh  int64  `parquet:"scale_high,decimal(6:18)" lf:"required" unit:"points" en:"Highest score" zh:"满分"`
	Origin
}

// Training is one row of training.
type Training struct {
	TrainingID string `parquet:"training_id" lf:"key" en:"Training id" zh:"培训编号"`
	CustomerID string `parquet:"customer_id,dict" lf:"required ref=customer" en:"Customer" zh:"客户"`
	RepID      string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Rep" zh:"业务员"`
	HeldOn     int32  `parquet:"held_on,date" lf:"required month" en:"Held" zh:"培训日期|日期"`
	Topic      string `parquet:"topic,optional,dict" en:"Topic" zh:"主题"`
	Origin
}

// Feedback is one row of feedback.
type Feedback struct {
	FeedbackID string `parquet:"feedback_id" lf:"key" en:"Form id" zh:"反馈编号"`
	CustomerID string `parquet:"customer_id,dict" lf:"required ref=customer" en:"Customer" zh:"客户"`
	RepID      string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Rep" zh:"业务员"`
	FiledOn    int32  `parquet:"filed_on,date" lf:"required month" en:"Filed" zh:"填写日期|日期"`
	Topic      string `parquet:"topic,optional,dict" en:"Topic" zh:"主题"`
	Origin
}

// Activity is one row of activity.
type Activity struct {
	ActivityID string `parquet:"activity_id" lf:"key" en:"Activity id" zh:"记录编号"`
	RepID      string `parquet:"rep_id,dict" lf:"required ref=rep" en:"Rep" zh:"业务员"`
	DoneOn     int32  `parquet:"done_on,date" lf:"required month" en:"Date" zh:"日期"`
	Kind       string `parquet:"kind,dict" lf:"required" en:"Type" zh:"类型"`
	IsDone     bool   `parquet:"is_done" lf:"required" en:"Done" zh:"是否完成|是否出勤"`
	Origin
}

// OrderLine is one row of order_line.
type OrderLine struct {
	OrderID      string `parquet:"order_id" lf:"key" en:"Order|Order number|SalesOrderNumber" zh:"订单号|单据编号|单据号"`
	LineID       string `parquet:"line_id,optional" lf:"key blank" en:"Line|Line number" zh:"行号|分录号"`
	OrderedOn    int32  `parquet:"ordered_on,date" lf:"required month" en:"Order date|Date" zh:"订单日期|日期|单据日期"`
	RepID        string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Rep|Salesperson" zh:"业务员|业务员编号"`
	CustomerID   string `parquet:"customer_id,optional,dict" lf:"ref=customer" en:"Customer" zh:"客户|客户编码"`
	ProductID    string `parquet:"product_id,optional,dict" lf:"ref=product" en:"Product" zh:"产品|物料编码|产品编码"`
	RegionID     string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region|Territory" zh:"区域"`
	InvoiceID    string `parquet:"invoice_id,optional" en:"Invoice" zh:"发票号"`
	DueOn        int32  `parquet:"due_on,optional,date" en:"Due date" zh:"到期日|应收日期"`
	Quantity     *int64 `parquet:"quantity,optional,decimal(6:18)" unit:"pieces" en:"Quantity" zh:"数量"`
	UnitPrice    *int64 `parquet:"unit_price,optional,decimal(6:18)" unit:"money" en:"Unit price" zh:"单价"`
	Amount       int64  `parquet:"amount,decimal(4:18)" lf:"required" unit:"money" en:"Amount|Sales" zh:"金额|销售额|价税合计"`
	CostAmount   *int64 `parquet:"cost_amount,optional,decimal(4:18)" unit:"money" en:"Cost" zh:"成本|成本金额"`
	ProfitAmount *int64 `parquet:"profit_amount,optional,decimal(4:18)" unit:"money" en:"Profit" zh:"利润|毛利"`
	Currency     string `parquet:"currency,optional,dict" en:"Currency" zh:"币种|币别"`
	IsInstalment *bool  `parquet:"is_instalment,optional" en:"Instalment" zh:"分期"`
	Origin
}

// Return is one row of return.
type Return struct {
	ReturnID   string `parquet:"return_id" lf:"key" en:"Return id" zh:"退货单号"`
	OrderID    string `parquet:"order_id" lf:"required" en:"Order" zh:"原订单号|订单号|订单 Id"`
	LineID     string `parquet:"line_id,optional" en:"Line" zh:"原行号|行号"`
	ReturnedOn int32  `parquet:"returned_on,optional,date" lf:"month" en:"Return date" zh:"退货日期"`
	Quantity   *int64 `parquet:"quantity,optional,decimal(6:18)" unit:"pieces" en:"Quantity" zh:"数量"`
	Amount     *int64 `parquet:"amount,optional,decimal(4:18)" unit:"money" en:"Amount" zh:"退货金额|金额"`
	CostAmount *int64 `parquet:"cost_amount,optional,decimal(4:18)" unit:"money" en:"Cost" zh:"退货成本|成本"`
	Reason     string `parquet:"reason,optional,dict" en:"Reason" zh:"原因"`
	Origin
}

// Payment is one row of payment.
type Payment struct {
	PaymentID  string `parquet:"payment_id" lf:"key" en:"Payment id" zh:"回款单号|收款单号"`
	OrderID    string `parquet:"order_id,optional" en:"Order" zh:"订单号|源单号"`
	InvoiceID  string `parquet:"invoice_id,optional" en:"Invoice" zh:"发票号"`
	CustomerID string `parquet:"customer_id,optional,dict" lf:"ref=customer" en:"Customer" zh:"客户"`
	PaidOn     int32  `parquet:"paid_on,date" lf:"required month" en:"Paid|Payment date" zh:"回款日期|收款日期"`
	Amount     int64  `parquet:"amount,decimal(4:18)" lf:"required" unit:"money" en:"Amount" zh:"回款金额|收款金额|金额"`
	Currency   string `parquet:"currency,optional,dict" en:"Currency" zh:"币种|币别"`
	IsBadDebt  *bool  `parquet:"is_bad_debt,optional" en:"Bad debt" zh:"坏账"`
	Origin
}

// Expense is one row of expense.
type Expense struct {
	ExpenseID string `parquet:"expense_id" lf:"key" en:"Expense id" zh:"费用单号|报销单号"`
	RepID     string `parquet:"rep_id,optional,dict" lf:"ref=rep" en:"Rep" zh:"报销人|业务员"`
	RegionID  string `parquet:"region_id,optional,dict" lf:"ref=region" en:"Region" zh:"区域"`
	TeamID    string `parquet:"team_id,optional,dict" lf:"ref=team" en:"Team" zh:"团队"`
	SpentOn   int32  `parquet:"spent_on,date" lf:"required month" en:"Date" zh:"费用日期|日期"`
	Kind      string `parquet:"kind,dict" lf:"required" en:"Type" zh:"费用类型|费用类别"`
	IsVisit   *bool  `parquet:"is_visit,optional" en:"Visit expense" zh:"拜访费用"`
	Amount    int64  `parquet:"amount,decimal(4:18)" lf:"required" unit:"money" en:"Amount" zh:"金额|费用金额"`
	Currency  string `parquet:"currency,optional,dict" en:"Currency" zh:"币种|币别"`
	Note      string `parquet:"note,optional,dict" en:"Note" zh:"摘要|说明"`
	Origin
}

// Target is one row of target.
type Target struct {
	PeriodOn  int32  `parquet:"period_on,date" lf:"key month" en:"Period|Month" zh:"月份|期间"`
	UnitKind  string `parquet:"unit_kind,dict" lf:"key" en:"Unit type" zh:"对象类型"`
	UnitID    string `parquet:"unit_id,optional,dict" lf:"key blank" en:"Unit|Unit id" zh:"对象|对象编号"`
	ProductID string `parquet:"product_id,optional,dict" lf:"key blank" en:"Product" zh:"产品"`
	Indicator string `parquet:"indicator,optional,dict" lf:"key blank" en:"Indicator" zh:"指标"`
	Amount    int64  `parquet:"amount,decimal(4:18)" lf:"required" unit:"money" en:"Target|Amount" zh:"目标|目标额"`
	Origin
}

// PriceList is one row of price_list.
type PriceList struct {
	ProductID string `parquet:"product_id,dict" lf:"key ref=product" en:"Product" zh:"产品"`
	RegionID  string `parquet:"region_id,optional,dict" lf:"key blank" en:"Region" zh:"区域"`
	FromOn    int32  `parquet:"from_on,date" lf:"key" en:"From" zh:"生效日期"`
	ToOn      int32  `parquet:"to_on,optional,date" en:"To" zh:"失效日期"`
	PriceLow  int64  `parquet:"price_low,decimal(6:18)" lf:"required" unit:"money" en:"Lowest price" zh:"最低价"`
	PriceHigh int64  `parquet:"price_high,decimal(6:18)" lf:"required" unit:"money" en:"Highest price" zh:"最高价"`
	Origin
}

// FxRate is one row of fx_rate.
type FxRate struct {
	Currency string `parquet:"currency,dict" lf:"key" en:"Currency" zh:"币种"`
	PeriodOn int32  `parquet:"period_on,date" lf:"key month" en:"Period" zh:"月份|期间"`
	Rate     int64  `parquet:"rate,decimal(6:18)" lf:"required" en:"Rate to base currency" zh:"汇率|折本位币"`
	Origin
}

// Market is one row of market.
type Market struct {
	RegionID        string `parquet:"region_id,dict" lf:"key ref=region" en:"Region" zh:"区域"`
	ProductLine     string `parquet:"product_line,optional,dict" lf:"key blank" en:"Product line" zh:"产品线"`
	PeriodOn        int32  `parquet:"period_on,date" lf:"key month" en:"Period" zh:"月份|期间"`
	SizeAmount      *int64 `parquet:"size_amount,optional,decimal(4:18)" unit:"money" en:"Market size" zh:"市场容量|市场规模"`
	NCompetitors    *int64 `parquet:"n_competitors,optional" unit:"competitors" en:"Competitors" zh:"竞品数|竞争者数"`
	NOutlets        *int64 `parquet:"n_outlets,optional" unit:"outlets" en:"Outlets" zh:"终端数|网点数"`
	NLeads          *int64 `parquet:"n_leads,optional" unit:"leads" en:"Leads" zh:"线索数"`
	PriceIndex      *int64 `parquet:"price_index,optional,decimal(6:18)" en:"Price index" zh:"价格指数"`
	AreaKm2         *int64 `parquet:"area_km2,optional,decimal(6:18)" unit:"km2" en:"Area" zh:"面积"`
	TravelHours     *int64 `parquet:"travel_hours,optional,decimal(6:18)" unit:"hours" en:"Travel hours per visit" zh:"单次路程小时"`
	OpenedOn        int32  `parquet:"opened_on,optional,date" en:"Cell opened" zh:"开拓日期"`
	PromotionAmount *int64 `parquet:"promotion_amount,optional,decimal(4:18)" unit:"money" en:"Promotion budget" zh:"推广费|推广预算"`
	Origin
}

// Rating is one row of rating.
type Rating struct {
	RaterID   string `parquet:"rater_id,dict" lf:"key ref=rep" en:"Rater" zh:"评分人"`
	RepID     string `parquet:"rep_id,dict" lf:"key ref=rep" en:"Rated" zh:"被评人"`
	PeriodOn  int32  `parquet:"period_on,date" lf:"key month" en:"Period" zh:"月份|期间"`
	Criterion string `parquet:"criterion,dict" lf:"key" en:"Criterion" zh:"评分项|指标"`
	RaterKind string `parquet:"rater_kind,dict" lf:"required" en:"Rater type" zh:"评分类型"`
	Score     int64  `parquet:"score,decimal(6:18)" lf:"required" unit:"points" en:"Score" zh:"得分|评分"`
	Origin
}

// Innovation is one row of innovation.
type Innovation struct {
	InnovationID string `parquet:"innovation_id" lf:"key" en:"Proposal id" zh:"建议编号"`
	RepID        string `parquet:"rep_id,dict" lf:"required ref=rep" en:"Rep" zh:"提出人"`
	ProposedOn   int32  `parquet:"proposed_on,date" lf:"required" en:"Proposed" zh:"提出日期"`
	AdoptedOn    int32  `parquet:"adopted_on,optional,date" lf:"month" en:"Adopted" zh:"采纳日期"`
	Points       *int64 `parquet:"points,optional,decimal(6:18)" unit:"points" en:"Points" zh:"加分"`
	Title        string `parquet:"title,optional,dict" en:"Title" zh:"名称|主题"`
	Origin
}

// Workday is one row of workday.
type Workday struct {
	DayOn     int32  `parquet:"day_on,date" lf:"key month" en:"Date" zh:"日期"`
	RegionID  string `parquet:"region_id,optional,dict" lf:"key blank" en:"Region" zh:"区域"`
	IsWorkday bool   `parquet:"is_workday" lf:"required" en:"Workday" zh:"是否工作日"`
	Note      string `parquet:"note,optional,dict" en:"Note" zh:"说明"`
	Origin
}

// PromotionTask is one row of promotion_task.
type PromotionTask struct {
	TaskID     string `parquet:"task_id" lf:"key" en:"Task id" zh:"任务编号"`
	RepID      string `parquet:"rep_id,dict" lf:"required ref=rep" en:"Rep" zh:"业务员"`
	CustomerID string `parquet:"customer_id,optional,dict" lf:"ref=customer" en:"Outlet" zh:"终端|客户"`
	Promotion  string `parquet:"promotion,optional,dict" en:"Promotion" zh:"促销活动"`
	DueOn      int32  `parquet:"due_on,date" lf:"required month" en:"Due" zh:"应完成日期|截止日期"`
	DoneOn     int32  `parquet:"done_on,optional,date" en:"Done" zh:"完成日期"`
	FromOn     int32  `parquet:"from_on,optional,date" en:"Promotion from" zh:"活动开始"`
	ToOn       int32  `parquet:"to_on,optional,date" en:"Promotion to" zh:"活动结束"`
	Origin
}
