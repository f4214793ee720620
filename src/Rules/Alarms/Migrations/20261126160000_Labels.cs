using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Rules.Alarms.Migrations
{
    /// <inheritdoc />
    public partial class Labels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "rules_labels",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Alarm = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Author = table.Column<string>(type: "TEXT", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", nullable: true),
                    Change = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    IsoCause = table.Column<string>(type: "TEXT", nullable: true),
                    IsoMechanism = table.Column<string>(type: "TEXT", nullable: true),
                    IsoMode = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    Onset = table.Column<long>(type: "INTEGER", nullable: false),
                    PredictedJson = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    Source = table.Column<byte>(type: "INTEGER", nullable: false),
                    StruckAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StruckBy = table.Column<string>(type: "TEXT", nullable: true),
                    StruckWhy = table.Column<string>(type: "TEXT", nullable: true),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    Verdict = table.Column<byte>(type: "INTEGER", nullable: false),
                },
                constraints: table => table.PrimaryKey("PK_rules_labels", x => x.Number));
            migrationBuilder.CreateIndex(name: "IX_rules_labels_Id", table: "rules_labels", column: "Id", unique: true);
            migrationBuilder.CreateIndex(name: "IX_rules_labels_Tenant_Alarm", table: "rules_labels", columns: ["Tenant", "Alarm"]);
            migrationBuilder.CreateIndex(name: "IX_rules_labels_Tenant_Onset", table: "rules_labels", columns: ["Tenant", "Onset"]);
            migrationBuilder.CreateTable(
                name: "rules_threshold_changes",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    File = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    Before = table.Column<double>(type: "REAL", nullable: false),
                    After = table.Column<double>(type: "REAL", nullable: false),
                    Version = table.Column<string>(type: "TEXT", nullable: false),
                    LabelsJson = table.Column<string>(type: "TEXT", nullable: false),
                    AppliedBy = table.Column<string>(type: "TEXT", nullable: false),
                    AppliedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UndoneBy = table.Column<string>(type: "TEXT", nullable: true),
                    UndoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                },
                constraints: table => table.PrimaryKey("PK_rules_threshold_changes", x => x.Id));
            migrationBuilder.CreateIndex(name: "IX_rules_threshold_changes_Tenant_AppliedAt", table: "rules_threshold_changes", columns: ["Tenant", "AppliedAt"]);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "rules_labels");
            migrationBuilder.DropTable(name: "rules_threshold_changes");
        }
    }
}
