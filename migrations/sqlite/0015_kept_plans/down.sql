DROP TABLE kept_plans;
