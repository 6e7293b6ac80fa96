// Command generate writes the provider's schema, which the provider then carries in itself.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"

	"classroom/toolchain/resource-openstack/mapping"
)

func main() { tfgen.Main("openstack", mapping.Version, mapping.Provider()) }
