// Who issues people's tokens where the context names no issuer? The stack's own user pool, in which an administrator makes the users.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
  UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { TokenIssuer } from './settings.ts';

/** The attributes that an administrator gives a person: the role (vendor or partner), the tenant and the partner. */
const attributes = ['role', 'tenant', 'partner'] as const;

export class People extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly tokens: TokenIssuer;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      customAttributes: Object.fromEntries(
        attributes.map((name) => [name, new StringAttribute({ minLen: 1, maxLen: 128, mutable: true })]),
      ),
      autoVerify: { email: true },
      keepOriginal: { email: true },
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const email = new ClientAttributes().withStandardAttributes({ email: true });
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      generateSecret: false,
      // SRP is for apps; the password itself, over TLS, is for scripts. Both then need the second factor.
      authFlows: { userSrp: true, userPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      readAttributes: email.withCustomAttributes(...attributes),
      // A person who could write the other attributes through this client could choose their own role and tenant.
      writeAttributes: email,
    });
    this.tokens = {
      issuer: this.pool.userPoolProviderUrl,
      // Id tokens, because they carry the attributes and name the client as their audience. Access tokens do neither.
      audience: this.client.userPoolClientId,
      claims: { role: 'custom:role', tenant: 'custom:tenant', partner: 'custom:partner' },
    };
  }
}
