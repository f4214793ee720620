using System.Text;
using Seamless.DeviceAgent.Commands;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary><c>update</c> and <c>update-stop</c>: hands offers to the updater; how they go on is reported in the shadow. All else is left to <paramref name="others"/>.</summary>
public sealed class UpdateExecutor(Updater updater, ICommandExecutor others) : ICommandExecutor
{
    public bool Knows(string name) => name is UpdateOffer.Command or UpdateOffer.StopCommand || others.Knows(name);

    public Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct) => command.Name switch
    {
        UpdateOffer.Command => Task.FromResult(Take(command.ArgsJson)),
        UpdateOffer.StopCommand => Task.FromResult(Answer(updater.Stop())),
        _ => others.ExecuteAsync(command, progress, ct),
    };

    private CommandOutcome Take(string argsJson)
    {
        var offer = UpdateDocuments.Read(Encoding.UTF8.GetBytes(argsJson), UpdateJson.Default.UpdateOffer);
        return offer.Succeeded ? Answer(updater.Take(offer.Value)) : CommandOutcome.Rejected($"the offer: {offer.Refusal.Reason}");
    }

    private static CommandOutcome Answer(Telemetry.Outcome<string> outcome) =>
        outcome.Succeeded ? CommandOutcome.Succeeded(outcome.Value) : CommandOutcome.Rejected($"{outcome.Refusal.Code}: {outcome.Refusal.Reason}");
}
