using System.CommandLine;
using System.CommandLine.Help;
using System.Data.Common;

namespace Seamless.Portal.Commands;

/// <summary>The command line <c>seamless</c>: one file per verb.</summary>
public static class SeamlessCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
            return Terminal.Misused($"Try: {PathOf(parsed)} --help");
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (TaskCanceledException error) when (error.InnerException is TimeoutException)
        {
            return Terminal.Fail($"no answer in time: {error.Message}");   // nobody has interrupted anything
        }
        catch (OperationCanceledException)
        {
            return Terminal.Fail("interrupted");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or HttpRequestException or DbException)
        {
            return Terminal.Fail(error.Message);
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Seamless: remote diagnostics and predictive maintenance. Begin with: seamless demo");
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Add(Serve.Create());
        root.Add(Demo.Create());
        root.Add(Simulate.Create());
        root.Add(DeviceVerbs.Create());
        root.Add(LimitVerbs.Create());
        root.Add(UpdateVerbs.Create());
        root.Add(MaintenanceVerbs.Create());
        root.Add(PartVerbs.Create());
        root.Add(KpiVerbs.Create());
        root.Add(EvidenceVerbs.Create());
        root.Add(AgreementVerbs.Create());
        root.Add(CommerceVerbs.CreatePrices());
        root.Add(CommerceVerbs.CreateContracts());
        root.Add(CareVerbs.Create());
        root.Add(QueueVerbs.Create());
        root.Add(ImpactVerbs.Create());
        root.Add(JourneyVerbs.Create());
        root.Add(TeamVerbs.Create());
        root.Add(SessionVerbs.Create());
        root.Add(NotifyVerbs.Create());
        root.Add(PackVerbs.Create());
        root.Add(Backtest.Create());
        root.Add(HistoryVerbs.CreateImport());
        root.Add(HistoryVerbs.CreateExport());
        root.Add(LearningVerbs.CreateScore());
        root.Add(LearningVerbs.CreateTrain());
        root.Add(ModelVerbs.Create());
        root.Add(Backup.CreateBackup());
        root.Add(Backup.CreateRestore());
        root.Add(Bench.Create());
        root.Add(Doctor.Create());
        return root;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result?.Command is not (null or RootCommand); result = result.Parent as System.CommandLine.Parsing.CommandResult) names.Insert(0, result.Command.Name);
        return string.Join(' ', names.Prepend("seamless"));
    }
}
