// Package mapping says under which Pulumi names the resources of terraform-provider-openstack are offered: those of the
// npm package @pulumi/openstack, whose tokens.json is derived and checked in tests/toolchain.
package mapping

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/openstack"
)

//go:embed tokens.json
var tokensJSON []byte

// Version is that of the npm package, with "+nodelay" where the delay fix is built in. Set by the linker.
var Version = "0.0.0-unset"

// Names Pulumi gives to new resources end in "-" and random characters; most OpenStack names may have 255 characters.
const longestName = 255

// Provider describes the bridged provider.
func Provider() tfbridge.ProviderInfo {
	var named struct {
		Resources   map[string]tokens.Type         `json:"resources"`
		DataSources map[string]tokens.ModuleMember `json:"dataSources"`
	}
	if err := json.Unmarshal(tokensJSON, &named); err != nil {
		panic(fmt.Errorf("tokens.json: %w", err))
	}
	terraform := openstack.Provider()
	// It has a default, so its deprecation would be announced at each run, to people who have not set it.
	terraform.Schema["use_octavia"].Deprecated = ""
	provider := tfbridge.ProviderInfo{
		P:           shimv2.NewProvider(terraform),
		Name:        "openstack",
		DisplayName: "OpenStack",
		Description: "OpenStack resources, bridged from terraform-provider-openstack",
		License:     "Apache-2.0",
		GitHubOrg:   "terraform-provider-openstack",
		Version:     Version,
		Resources:   make(map[string]*tfbridge.ResourceInfo, len(named.Resources)),
		DataSources: make(map[string]*tfbridge.DataSourceInfo, len(named.DataSources)),
		JavaScript:  &tfbridge.JavaScriptInfo{},
	}
	for name, token := range named.Resources {
		provider.Resources[name] = &tfbridge.ResourceInfo{Tok: token}
	}
	for name, token := range named.DataSources {
		provider.DataSources[name] = &tfbridge.DataSourceInfo{Tok: token}
	}
	fitFields(provider.Resources)
	provider.SetAutonaming(longestName, "-")
	return provider
}

// fitFields covers the four fields whose name or type in the npm package is not the one that the bridge derives.
func fitFields(resources map[string]*tfbridge.ResourceInfo) {
	resources["openstack_networking_subnet_v2"].Fields = map[string]*tfbridge.SchemaInfo{
		"allocation_pool":  {Name: "allocationPools"},
		"allocation_pools": {Name: "allocationPoolsCollection"},
	}
	resources["openstack_orchestration_stack_v1"].Fields = map[string]*tfbridge.SchemaInfo{
		"outputs": {Name: "StackOutputs"},
	}
	resources["openstack_compute_servergroup_v2"].Fields = map[string]*tfbridge.SchemaInfo{
		"policies": {MaxItemsOne: tfbridge.False()},
	}
}
