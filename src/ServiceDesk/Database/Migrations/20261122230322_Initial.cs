using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "desk_cases",
                columns: table => new
                {
                    AlarmId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    FaultKey = table.Column<string>(type: "TEXT", nullable: false),
                    Phase = table.Column<string>(type: "TEXT", nullable: false),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", nullable: true),
                    Severity = table.Column<string>(type: "TEXT", nullable: false),
                    Active = table.Column<bool>(type: "INTEGER", nullable: false),
                    PutAside = table.Column<bool>(type: "INTEGER", nullable: false),
                    Parent = table.Column<string>(type: "TEXT", nullable: true),
                    OnsetAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClearedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Diagnosis = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_cases", x => x.AlarmId);
                });

            migrationBuilder.CreateTable(
                name: "desk_depots",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Tier = table.Column<string>(type: "TEXT", nullable: false),
                    Latitude = table.Column<double>(type: "REAL", nullable: false),
                    Longitude = table.Column<double>(type: "REAL", nullable: false),
                    TimeZone = table.Column<string>(type: "TEXT", nullable: false),
                    Parent = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_depots", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "desk_events",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    Value = table.Column<double>(type: "REAL", nullable: false),
                    Detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_events", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_follower",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Position = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_follower", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "desk_part_lines",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Quantity = table.Column<int>(type: "INTEGER", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: true),
                    Eta = table.Column<long>(type: "INTEGER", nullable: true),
                    Shipment = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_part_lines", x => new { x.Ticket, x.Sku });
                });

            migrationBuilder.CreateTable(
                name: "desk_remedy_runs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    AlarmId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    FaultCode = table.Column<string>(type: "TEXT", nullable: false),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    Playbook = table.Column<string>(type: "TEXT", nullable: true),
                    Title = table.Column<string>(type: "TEXT", nullable: true),
                    CommandId = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    VerifyUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", nullable: true),
                    CustomerVisibleSeconds = table.Column<int>(type: "INTEGER", nullable: false),
                    TicketNumber = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_remedy_runs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_reservations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: false),
                    Shipment = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_reservations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_returns",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    ToDepot = table.Column<string>(type: "TEXT", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Status = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_returns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_settings", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "desk_shipments",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    FromDepot = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    ToSite = table.Column<string>(type: "TEXT", nullable: false),
                    Carrier = table.Column<string>(type: "TEXT", nullable: false),
                    Serials = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PickUpAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PickedUpAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Eta = table.Column<long>(type: "INTEGER", nullable: false),
                    DeliveredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_shipments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_technicians",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Latitude = table.Column<double>(type: "REAL", nullable: false),
                    Longitude = table.Column<double>(type: "REAL", nullable: false),
                    Skills = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_technicians", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "desk_tickets",
                columns: table => new
                {
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    FaultKey = table.Column<string>(type: "TEXT", nullable: true),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Serial = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    Customer = table.Column<string>(type: "TEXT", nullable: false),
                    Tier = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Resumes = table.Column<string>(type: "TEXT", nullable: true),
                    Priority = table.Column<string>(type: "TEXT", nullable: false),
                    Class = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Causes = table.Column<string>(type: "TEXT", nullable: false),
                    DispatchedFor = table.Column<string>(type: "TEXT", nullable: true),
                    Alarms = table.Column<string>(type: "TEXT", nullable: false),
                    Policy = table.Column<string>(type: "TEXT", nullable: false),
                    RespondBy = table.Column<long>(type: "INTEGER", nullable: false),
                    ArriveBy = table.Column<long>(type: "INTEGER", nullable: false),
                    ResolveBy = table.Column<long>(type: "INTEGER", nullable: false),
                    RespondedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ArrivedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Pauses = table.Column<string>(type: "TEXT", nullable: false),
                    Marks = table.Column<string>(type: "TEXT", nullable: false),
                    EscalationLevel = table.Column<int>(type: "INTEGER", nullable: false),
                    Stalls = table.Column<int>(type: "INTEGER", nullable: false),
                    Skill = table.Column<string>(type: "TEXT", nullable: true),
                    WorkMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    NeedsVisit = table.Column<bool>(type: "INTEGER", nullable: false),
                    Arrivals = table.Column<int>(type: "INTEGER", nullable: false),
                    Reopened = table.Column<int>(type: "INTEGER", nullable: false),
                    Visit = table.Column<string>(type: "TEXT", nullable: true),
                    Assignee = table.Column<string>(type: "TEXT", nullable: true),
                    Closure = table.Column<string>(type: "TEXT", nullable: true),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    OnsetAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    StateChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    TrackingCode = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_tickets", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "desk_timeline",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_timeline", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_unit_moves",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: true),
                    To = table.Column<string>(type: "TEXT", nullable: true),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_unit_moves", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_units",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: true),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_units", x => new { x.Tenant, x.Serial });
                });

            migrationBuilder.CreateIndex(
                name: "IX_desk_cases_DueAt",
                table: "desk_cases",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_cases_Tenant_Device",
                table: "desk_cases",
                columns: new[] { "Tenant", "Device" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_events_Key",
                table: "desk_events",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_events_Tenant_At",
                table: "desk_events",
                columns: new[] { "Tenant", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_remedy_runs_AlarmId_Step",
                table: "desk_remedy_runs",
                columns: new[] { "AlarmId", "Step" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_remedy_runs_Tenant_Device_StartedAt",
                table: "desk_remedy_runs",
                columns: new[] { "Tenant", "Device", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_reservations_Tenant_Serial",
                table: "desk_reservations",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_reservations_Ticket_Sku_Ordinal",
                table: "desk_reservations",
                columns: new[] { "Ticket", "Sku", "Ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_Tenant_Serial",
                table: "desk_returns",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_shipments_DueAt",
                table: "desk_shipments",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_shipments_Ticket_FromDepot_Ordinal",
                table: "desk_shipments",
                columns: new[] { "Ticket", "FromDepot", "Ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_DueAt",
                table: "desk_tickets",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_Sequence",
                table: "desk_tickets",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_Tenant_Device",
                table: "desk_tickets",
                columns: new[] { "Tenant", "Device" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_Tenant_Key",
                table: "desk_tickets",
                columns: new[] { "Tenant", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_Tenant_Status",
                table: "desk_tickets",
                columns: new[] { "Tenant", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_tickets_TrackingCode",
                table: "desk_tickets",
                column: "TrackingCode",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_timeline_Ticket",
                table: "desk_timeline",
                column: "Ticket");

            migrationBuilder.CreateIndex(
                name: "IX_desk_unit_moves_Tenant_Serial",
                table: "desk_unit_moves",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_units_Tenant_Sku_State",
                table: "desk_units",
                columns: new[] { "Tenant", "Sku", "State" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_cases");

            migrationBuilder.DropTable(
                name: "desk_depots");

            migrationBuilder.DropTable(
                name: "desk_events");

            migrationBuilder.DropTable(
                name: "desk_follower");

            migrationBuilder.DropTable(
                name: "desk_part_lines");

            migrationBuilder.DropTable(
                name: "desk_remedy_runs");

            migrationBuilder.DropTable(
                name: "desk_reservations");

            migrationBuilder.DropTable(
                name: "desk_returns");

            migrationBuilder.DropTable(
                name: "desk_settings");

            migrationBuilder.DropTable(
                name: "desk_shipments");

            migrationBuilder.DropTable(
                name: "desk_technicians");

            migrationBuilder.DropTable(
                name: "desk_tickets");

            migrationBuilder.DropTable(
                name: "desk_timeline");

            migrationBuilder.DropTable(
                name: "desk_unit_moves");

            migrationBuilder.DropTable(
                name: "desk_units");
        }
    }
}
