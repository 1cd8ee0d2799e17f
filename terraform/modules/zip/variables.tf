variable "module_folder" {
  description = "Folder of the module of the CA"
  type        = string
}

variable "architecture" {
  description = "x86_64 or arm64"
  type        = string
}

variable "file" {
  description = "Path of the zip; empty: it is looked for"
  type        = string
}

variable "s3" {
  description = "The zip as an S3 object; null: a file"
  type = object({
    bucket         = string
    key            = string
    sha256         = string
    object_version = optional(string)
  })
}
