variable "project" {
  description = "Project, first part of every name"
  type        = string
}

variable "env" {
  description = "Environment"
  type        = string
}

variable "prod_envs" {
  description = "Environments whose names carry no suffix"
  type        = list(string)
}
