// Package suite names the module whose own tests are run.
package suite

import _ "github.com/hashicorp/consul/api"
