// Command step-ca serves the authority of one configuration file, as the program of the same name does: Debian packages the library
// and not the program.
package main

import (
	"fmt"
	"os"

	"github.com/smallstep/certificates/authority/config"
	"github.com/smallstep/certificates/ca"
	_ "github.com/smallstep/certificates/cas/softcas"
	_ "github.com/smallstep/certificates/kms/softkms"
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: step-ca CONFIG"))
	}

	file := os.Args[1]
	settings, err := config.LoadConfiguration(file)
	if err != nil {
		fail(err)
	}

	server, err := ca.New(settings, ca.WithConfigFile(file), ca.WithQuiet(true))
	if err != nil {
		fail(err)
	}

	if err := server.Run(); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
