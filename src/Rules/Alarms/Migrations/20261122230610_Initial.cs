using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Rules.Alarms.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "rules_alarm_changes",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    AlarmId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: true),
                    Kind = table.Column<byte>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    AlarmJson = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rules_alarm_changes", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "rules_alarms",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    FaultKey = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    RuleVersion = table.Column<string>(type: "TEXT", nullable: false),
                    Mode = table.Column<string>(type: "TEXT", nullable: false),
                    Severity = table.Column<byte>(type: "INTEGER", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    OnsetAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClearedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    MessageEn = table.Column<string>(type: "TEXT", nullable: false),
                    MessageZhCn = table.Column<string>(type: "TEXT", nullable: false),
                    EvidenceJson = table.Column<string>(type: "TEXT", nullable: false),
                    DiagnosisJson = table.Column<string>(type: "TEXT", nullable: false),
                    Parent = table.Column<string>(type: "TEXT", nullable: true),
                    MembersJson = table.Column<string>(type: "TEXT", nullable: false),
                    ExplainedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    IsAcknowledged = table.Column<bool>(type: "INTEGER", nullable: false),
                    ShelvedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    SuppressedBy = table.Column<string>(type: "TEXT", nullable: true),
                    IsOutOfService = table.Column<bool>(type: "INTEGER", nullable: false),
                    ClosedAtOrdinal = table.Column<int>(type: "INTEGER", nullable: true),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rules_alarms", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_rules_alarm_changes_AlarmId_Ordinal",
                table: "rules_alarm_changes",
                columns: new[] { "AlarmId", "Ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_rules_alarms_ClosedAtOrdinal_IsActive_IsAcknowledged",
                table: "rules_alarms",
                columns: new[] { "ClosedAtOrdinal", "IsActive", "IsAcknowledged" });

            migrationBuilder.CreateIndex(
                name: "IX_rules_alarms_Tenant_Device_OnsetAt",
                table: "rules_alarms",
                columns: new[] { "Tenant", "Device", "OnsetAt" });

            migrationBuilder.CreateIndex(
                name: "IX_rules_alarms_Tenant_OnsetAt",
                table: "rules_alarms",
                columns: new[] { "Tenant", "OnsetAt" });

            migrationBuilder.CreateIndex(
                name: "IX_rules_alarms_Tenant_Site_OnsetAt",
                table: "rules_alarms",
                columns: new[] { "Tenant", "Site", "OnsetAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rules_alarm_changes");

            migrationBuilder.DropTable(
                name: "rules_alarms");
        }
    }
}
