-- One text: the id of a market cell. '' of a part means all of it. Why: one spelling for models, pages and policy.
create macro cell_of(region_id, product_line, segment) as
region_id || case when product_line = '' and segment = '' then '' else '/' || product_line || '/' || segment end
