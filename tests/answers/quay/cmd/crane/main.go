// Command crane lifts what the ledger says.
package main

import (
	"fmt"

	"example.org/quay/internal/berth"
)

func main() {
	pier := berth.NewPier(3)
	if err := pier.Moor("Anna"); err != nil {
		fmt.Println(err)
	}
}
