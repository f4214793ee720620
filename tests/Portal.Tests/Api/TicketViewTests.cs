using System.Text.Json;
using System.Text.Json.Nodes;
using Seamless.Portal.Api;
using Seamless.Portal.Tests.Stage;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Tests.Api;

public sealed class TicketViewTests
{
    [Fact]
    public async Task The_api_tells_the_fault_signature_where_there_is_one()
    {
        var (tickets, json) = (new StageTickets(TimeProvider.System), new JsonSerializerOptions(JsonSerializerDefaults.Web));
        ApiJson.Configure(json);
        var signature = (await AnswerAsync("T-1042"))["signature"]!;
        Assert.Equal((0.91, -0.24, 8.4, 0.46), ((double)signature["direction"]!["vibration"]!, (double)signature["direction"]!["motorCurrent"]!, (double)signature["size"]!, (double)signature["growth"]!));
        Assert.Null((await AnswerAsync("T-1041"))["signature"]);

        async Task<JsonNode> AnswerAsync(string number) =>
            JsonSerializer.SerializeToNode(TicketView.Of((await tickets.FindAsync("default", number, default))!, tickets, text => text.En), json)!;
    }
}
