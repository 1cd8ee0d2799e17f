.DEFAULT_GOAL := help

.PHONY: help run check fast lambda cli man terraform conformance format release-check

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## Issue every certificate of the example folder
	dotnet run --project src/ServerlessCA.Cli -- run examples/gitops/dev

check: ## Build with warnings as errors and run all tests
	./eng/check

fast: ## Build and run the tests that need no native program, emulator or Terraform
	./eng/check fast

lambda: ## Build the functions' zip for AWS Lambda
	./eng/lambda

cli: ## Build the command line: native program with its manual, .NET tool
	./eng/cli

man: ## Show the manual
	dotnet run --project src/ServerlessCA.Cli -v q -- help --man | man -l -

terraform: ## Test module, examples and the release's archive: init, validate, plan, apply, plan again
	dotnet run --project tests/ServerlessCA.Terraform.Tests

conformance: ## Compare with what the original system answers, case by case
	dotnet run --project tests/ServerlessCA.Conformance -- report

release-check: ## Make the release twice, in two clones, and compare (eng/release VERSION makes it once)
	./eng/release-check

format: ## Lay out the code
	dotnet format ServerlessCA.slnx
