using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Seamless.Portal.Commands;

/// <summary>A command whose help shows how it is used.</summary>
internal sealed class ExampleCommand(string name, string what, IReadOnlyList<string> examples) : Command(name, what)
{
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The ordinary help, and below it the examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ExampleCommand command) return code;
        Console.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in command.Examples) Console.WriteLine($"  seamless {example}");
        return code;
    }
}
