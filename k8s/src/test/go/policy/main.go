// Evaluates the expressions of a validating admission policy as the API server does: reads a JSON
// object with variables (name, expression), validations and cases from a file, and writes for
// each case whether all validations hold.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"cel.dev/cel-go/cel"
)

type named struct{ Name, Expression string }

type input struct {
	Variables   []named
	Validations []named
	Cases       []map[string]any
}

func main() {
	var in input
	file, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(file, &in); err != nil {
		panic(err)
	}
	env, err := cel.NewEnv(
		cel.Variable("object", cel.DynType), cel.Variable("oldObject", cel.DynType),
		cel.Variable("request", cel.DynType), cel.Variable("variables", cel.DynType))
	if err != nil {
		panic(err)
	}
	for _, c := range in.Cases {
		vars := map[string]any{}
		c["variables"] = vars
		for _, v := range in.Variables {
			vars[v.Name] = eval(env, v.Expression, c)
		}
		holds := true
		for _, v := range in.Validations {
			holds = holds && eval(env, v.Expression, c) == true
		}
		fmt.Println(holds)
	}
}

func eval(env *cel.Env, expression string, vars map[string]any) any {
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		panic(issues.Err())
	}
	program, err := env.Program(ast)
	if err != nil {
		panic(err)
	}
	out, _, err := program.Eval(vars)
	if err != nil {
		return err
	}
	return out.Value()
}
