using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Rules.Alarms.Migrations
{
    /// <inheritdoc />
    public partial class RuleVersions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "rules_stage_alarms",
                columns: table => new
                {
                    VersionNumber = table.Column<long>(type: "INTEGER", nullable: false),
                    Run = table.Column<int>(type: "INTEGER", nullable: false),
                    AlarmId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: false),
                    FaultKey = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    Severity = table.Column<byte>(type: "INTEGER", nullable: false),
                    ByCandidate = table.Column<bool>(type: "INTEGER", nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClearedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rules_stage_alarms", x => new { x.VersionNumber, x.Run, x.AlarmId });
                });

            migrationBuilder.CreateTable(
                name: "rules_version_events",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    VersionNumber = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<byte>(type: "INTEGER", nullable: false),
                    To = table.Column<byte>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rules_version_events", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "rules_versions",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<string>(type: "TEXT", nullable: false),
                    Yaml = table.Column<string>(type: "TEXT", nullable: false),
                    Author = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    ReviewedBy = table.Column<string>(type: "TEXT", nullable: true),
                    ReviewedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Review = table.Column<string>(type: "TEXT", nullable: true),
                    CanaryPercent = table.Column<double>(type: "REAL", nullable: true),
                    CanaryDevicesJson = table.Column<string>(type: "TEXT", nullable: true),
                    Run = table.Column<int>(type: "INTEGER", nullable: false),
                    StagedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StageAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StageEndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RulesVersions = table.Column<string>(type: "TEXT", nullable: false),
                    Previous = table.Column<string>(type: "TEXT", nullable: true),
                    Rules = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rules_versions", x => x.Number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_rules_version_events_VersionNumber",
                table: "rules_version_events",
                column: "VersionNumber");

            migrationBuilder.CreateIndex(
                name: "IX_rules_versions_State",
                table: "rules_versions",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_rules_versions_Type_Name_Version",
                table: "rules_versions",
                columns: new[] { "Type", "Name", "Version" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rules_stage_alarms");

            migrationBuilder.DropTable(
                name: "rules_version_events");

            migrationBuilder.DropTable(
                name: "rules_versions");
        }
    }
}
