"""How fast is fast: each workload beside a bare database doing the same durable work in the same run."""
