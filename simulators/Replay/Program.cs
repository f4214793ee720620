using System.CommandLine;
using MQTTnet.Exceptions;
using Seamless.Replay;
using Seamless.Replay.Sets;

var root = new RootCommand(
    """
    Replays public data sets as devices over real MQTT.

    Example:
      seamless device add replay-gw --type gateway          prints the token
      seamless-replay turbofan --data ~/data --gateway replay-gw --token TOKEN --speed 3600
      seamless-replay train milling --data ~/data --output milling.csv
    """);
foreach (var set in ReplaySet.All) root.Add(ReplayCommand(set));
root.Add(TrainCommand());

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("seamless-replay --help shows an example");
    return 2;
}
return await parsed.InvokeAsync();

static Command ReplayCommand(ReplaySet set)
{
    var data = DataOption(set.Files);
    var mqtt = new Option<string>("--mqtt") { Description = "HOST:PORT of the platform", DefaultValueFactory = _ => "localhost:1883" };
    var gateway = new Option<string>("--gateway") { Description = "id of a gateway device", DefaultValueFactory = _ => "replay-gw" };
    var token = new Option<string?>("--token") { Description = "the gateway's token (or SEAMLESS_TOKEN)", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SEAMLESS_TOKEN") };
    var tenant = new Option<string>("--tenant") { DefaultValueFactory = _ => "default" };
    var speed = new Option<double>("--speed") { Description = "times faster than the machines lived; 0: as fast as the platform takes it", DefaultValueFactory = _ => 1 };
    var limit = new Option<int>("--limit") { Description = "stop after so many samples", DefaultValueFactory = _ => int.MaxValue };
    var fromNow = new Option<bool>("--from-now") { Description = "samples carry the time of the replay instead of their own" };
    var command = new Command(set.Name, set.Summary) { data, mqtt, gateway, token, tenant, speed, limit, fromNow };
    command.SetAction((parsed, ct) => GuardAsync(async () =>
    {
        if (parsed.GetValue(speed) < 0) return Wrong("--speed must not be negative");
        if (parsed.GetValue(fromNow) && parsed.GetValue(speed) == 0) return Wrong("--from-now needs a --speed above 0, or samples would carry times to come");
        var address = parsed.GetValue(mqtt)!.Split(':');
        if (address.Length != 2 || !ushort.TryParse(address[1], out var port)) return Wrong($"--mqtt is '{parsed.GetValue(mqtt)}'; it should be HOST:PORT, such as localhost:1883");
        var target = new Target(address[0], port, parsed.GetValue(tenant)!, parsed.GetValue(gateway)!, parsed.GetValue(token));
        var replayer = new Replayer(target, TimeProvider.System, new Progress<string>(Console.Error.WriteLine));
        var sent = await replayer.RunAsync(set.Read(parsed.GetValue(data)!).Take(parsed.GetValue(limit)), parsed.GetValue(speed), parsed.GetValue(fromNow), ct);
        Console.WriteLine($"{sent} samples acknowledged");
        return 0;
    }));
    return command;
}

static Command TrainCommand()
{
    var trainable = ReplaySet.All.Where(set => set.Training is not null).ToArray();
    var name = new Argument<string>("set") { Description = string.Join(" or ", trainable.Select(set => set.Name)) };
    name.AcceptOnlyFromAmong([.. trainable.Select(set => set.Name)]);
    var data = DataOption("the published files");
    var output = new Option<string>("--output") { Description = "the CSV to write, for 'seamless train'", Required = true };
    var command = new Command("train", "writes a set as CSV with the pack's metric names, labels included") { name, data, output };
    command.SetAction((parsed, ct) => GuardAsync(async () =>
    {
        var set = trainable.Single(s => s.Name == parsed.GetValue(name));
        await File.WriteAllLinesAsync(parsed.GetValue(output)!, set.Training!(parsed.GetValue(data)!), ct);
        return 0;
    }));
    return command;
}

static Option<string> DataOption(string files) => new("--data") { Description = $"directory that holds {files}", Required = true };

static int Wrong(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}

static async Task<int> GuardAsync(Func<Task<int>> work)
{
    try
    {
        return await work();
    }
    catch (Exception expected) when (expected is WrongDataException or InvalidOperationException or MqttCommunicationException or MqttProtocolViolationException or IOException)
    {
        Console.Error.WriteLine(expected.Message);
        return 1;
    }
}
